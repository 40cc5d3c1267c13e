import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { accrualView, accruedView, accrueBody } from './schemas.ts';
import type { Accruals } from './service.ts';
import * as store from './store.ts';

const TAG = 'Accrual';

const viewAccrual = (row: store.AccrualRow): z.input<typeof accrualView> => ({
  accrualId: row.accrual_id,
  merchantId: row.merchant_id,
  branchId: row.branch_id,
  terminalId: row.terminal_id,
  memberId: row.member_id,
  reference: row.reference,
  amountMinor: row.amount_minor,
  currency: row.currency,
  points: row.points,
  createdAt: row.created_at,
});

/** The till's doors. */
export const accrualRoutes = (accruals: Accruals, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/accruals',
    tag: TAG,
    summary: 'Record a sale and issue its points',
    about:
      'The member by number or by scanned code; an amount, which the merchant’s rate turns into points, or points. A queued sale is sent again with the same Idempotency-Key.',
    roles: ['terminal'],
    body: accrueBody,
    answer: accruedView,
    refusals: [
      'credential_refused',
      'member_suspended',
      'invalid_fields',
      'conflict',
      'forbidden',
      'issuing_suspended',
    ],
    handle: async ({ body, principal, command }) => {
      if (principal.kind !== 'terminal') return err(problem('forbidden'));
      const till = { merchantId: principal.merchantId, branchId: principal.branchId, terminalId: principal.id };
      return command('accruals.accrue', async (tx) =>
        mapped(await accruals.accrue(tx, till, body), ({ row, maskedName, available }) => ({
          ...viewAccrual(row),
          maskedName,
          available,
        })),
      );
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/accruals',
    tag: TAG,
    summary: 'Sales, newest first',
    about: 'A terminal sees those of its own merchant.',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({ merchantId: z.optional(ulidSchema), memberId: z.optional(memberIdSchema) }),
    answer: pageOf(accrualView),
    handle: async ({ query: { limit, cursor, memberId, ...query }, principal }) => {
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : query.merchantId;
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await store.listAccruals(db, { limit, memberId, merchantId, ...before });
      return ok(cutPage(rows.map(viewAccrual), limit, (row) => row.accrualId));
    },
  }),
];
