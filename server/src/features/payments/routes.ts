import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Refused } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Identity } from '../identity/index.ts';
import * as schema from './schemas.ts';
import type { Payments } from './service.ts';
import * as store from './store.ts';

const TAG = 'Payments';
const paymentParams = idParams('paymentId');

export interface PaymentRouteParts {
  readonly payments: Payments;
  readonly identity: Identity;
  readonly db: Db;
}

/** The counter's doors. */
export const paymentRoutes = (parts: PaymentRouteParts): Route[] => [
  holdRoute(parts),
  ...endRoutes(parts),
  ...readRoutes(parts),
];

const holdRoute = ({ payments, identity }: PaymentRouteParts): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/payments',
    tag: TAG,
    summary: 'Hold points that a member pays with',
    about:
      'The member approves it by the code on their phone or by PIN. Capture it when the goods are handed over, or void it.',
    roles: ['terminal'],
    body: schema.payBody,
    answer: schema.paymentView,
    refusals: [
      'credential_refused',
      'member_suspended',
      'too_many_attempts',
      'insufficient_points',
      'conflict',
      'forbidden',
    ],
    handle: async ({ body: { approval, ...request }, principal, command }) => {
      if (principal.kind !== 'terminal') return err(problem('forbidden'));
      const { id: terminalId, merchantId, branchId } = principal;
      const asked =
        'qr' in approval ? ({ kind: 'qr', text: approval.qr } as const) : ({ kind: 'member_id', ...approval } as const);
      const examined = await identity.examine(`terminal:${terminalId}`, asked);
      if (!examined.ok) return examined;
      return command('payments.hold', async (tx) => {
        const member = await identity.claim(tx, examined.value);
        if (!member.ok) return member;
        if (member.value.repeat) return err(problem('credential_refused'));
        const approved = { memberId: member.value.memberId, by: 'qr' in approval ? 'qr' : 'pin' } as const;
        const counter = { merchantId, branchId, terminalId };
        return mapped(await payments.hold(tx, counter, request, approved), schema.viewPayment);
      });
    },
  });

/** A terminal sees the payments of its own merchant only; for it there are no others. */
async function own(payments: Payments, db: Db, paymentId: string, who: Principal): Promise<Refused<store.PaymentRow>> {
  const row = await payments.find(db, paymentId);
  if (!row || (who.kind === 'terminal' && row.merchant_id !== who.merchantId)) return err(problem('not_found'));
  return ok(row);
}

const endRoutes = ({ payments, db }: PaymentRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/payments/{paymentId}/capture',
    tag: TAG,
    summary: 'Take held points, all or a part',
    about: 'What is not captured is the member’s again at once.',
    roles: ['terminal', 'admin'],
    status: 200,
    params: paymentParams,
    body: schema.captureBody,
    answer: schema.paymentView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: async ({ params: { paymentId }, body, principal, command }) => {
      const mine = await own(payments, db, paymentId, principal);
      if (!mine.ok) return mine;
      return command('payments.capture', async (tx) =>
        mapped(await payments.capture(tx, paymentId, body), schema.viewPayment),
      );
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/payments/{paymentId}/void',
    tag: TAG,
    summary: 'Give held points back',
    roles: ['terminal', 'admin'],
    status: 200,
    params: paymentParams,
    answer: schema.paymentView,
    refusals: ['not_found', 'conflict'],
    handle: async ({ params: { paymentId }, principal, command }) => {
      const mine = await own(payments, db, paymentId, principal);
      if (!mine.ok) return mine;
      return command('payments.void', async (tx) => mapped(await payments.void(tx, paymentId), schema.viewPayment));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/payments/{paymentId}/refunds',
    tag: TAG,
    summary: 'Give captured points back: a line, a number, or all',
    about:
      'They come back to the lots that they were taken from, with their age. All refunds together equal the payment.',
    roles: ['terminal', 'admin'],
    params: paymentParams,
    body: schema.refundBody,
    answer: schema.paymentView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: async ({ params: { paymentId }, body, principal, command }) => {
      const mine = await own(payments, db, paymentId, principal);
      if (!mine.ok) return mine;
      return command('payments.refund', async (tx) =>
        mapped(await payments.refund(tx, paymentId, body), schema.viewPayment),
      );
    },
  }),
];

const readRoutes = ({ payments, db }: PaymentRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/payments',
    tag: TAG,
    summary: 'Payments, newest first',
    about: 'A terminal sees those of its own merchant.',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({ merchantId: z.optional(ulidSchema), memberId: z.optional(memberIdSchema) }),
    answer: pageOf(schema.paymentView),
    handle: async ({ query: { limit, cursor, memberId, ...query }, principal }) => {
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : query.merchantId;
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await store.listPayments(db, { limit, memberId, merchantId, ...before });
      return ok(cutPage(rows.map(schema.viewPayment), limit, (row) => row.paymentId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/payments/{paymentId}',
    tag: TAG,
    summary: 'One payment with its refunds',
    roles: ['admin', 'terminal'],
    params: paymentParams,
    answer: schema.paymentDetail,
    refusals: ['not_found'],
    handle: async ({ params: { paymentId }, principal }) => {
      const mine = await own(payments, db, paymentId, principal);
      if (!mine.ok) return mine;
      const refunds = (await store.refundsOf(db, paymentId)).map(schema.viewRefund);
      return ok({ ...schema.viewPayment(mine.value), refunds });
    },
  }),
];
