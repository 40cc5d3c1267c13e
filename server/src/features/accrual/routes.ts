import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams, line } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { RuleVersion } from '../earning/index.ts';
import type { Refunds } from './refunds.ts';
import * as schema from './schemas.ts';
import type { Accruals, Till } from './service.ts';
import * as store from './store.ts';
import { viewAccrual, viewDetails, viewItem, viewRefund } from './views.ts';

const TAG = 'Accrual';

/** A hundred sales of many lines each are more than other bodies. */
const BATCH_BYTES = 1024 * 1024;

interface Parts {
  readonly accruals: Accruals;
  readonly refunds: Refunds;
  readonly commands: Commands;
  readonly db: Db;
  readonly nowMs: () => number;
}

const tillOf = (principal: Principal & { kind: 'terminal' }): Till => ({
  merchantId: principal.merchantId,
  branchId: principal.branchId,
  terminalId: principal.id,
});

/** The till's doors. */
export const accrualRoutes = (parts: Parts): Route[] => [
  ...tillRoutes(parts),
  refundRoute(parts),
  dryRunRoute(parts),
  ...readRoutes(parts),
];

const tillRoutes = ({ accruals, commands }: Parts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/accruals',
    tag: TAG,
    summary: 'Record a sale and issue its points',
    about:
      'The member by number or by scanned code; an amount, with its products where the till knows them, which the merchant’s rate and rules turn into points, or points. A queued sale is sent again with the same Idempotency-Key.',
    roles: ['terminal'],
    body: schema.accrueBody,
    answer: schema.accruedView,
    refusals: [
      'credential_refused',
      'member_suspended',
      'invalid_fields',
      'conflict',
      'forbidden',
      'earning_limit_reached',
      'issuing_suspended',
    ],
    handle: async ({ body, principal, command }) => {
      if (principal.kind !== 'terminal') return err(problem('forbidden'));
      return command('accruals.accrue', async (tx) =>
        mapped(await accruals.accrue(tx, tillOf(principal), body), ({ row, maskedName, available }) => ({
          ...viewAccrual(row),
          maskedName,
          available,
        })),
      );
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/accruals/batch',
    tag: TAG,
    summary: 'Record up to a hundred sales at once',
    about:
      'Each sale for itself, with a result of its own: one that is refused does not keep the others back. Its reference makes it happen once: the same sale again is answered as `repeated`, so no key is asked for.',
    roles: ['terminal'],
    idempotency: 'none',
    status: 200,
    limitBytes: BATCH_BYTES,
    body: schema.batchBody,
    answer: schema.batchView,
    refusals: ['forbidden'],
    handle: async ({ body, principal, actor }) => {
      if (principal.kind !== 'terminal') return err(problem('forbidden'));
      const till = tillOf(principal);
      // A command each: the group commit puts them into one transaction, and each is undone alone.
      const results = await Promise.all(
        body.accruals.map((sale) =>
          commands.run({ name: 'accruals.item', actor, work: (tx) => accruals.accrueOnce(tx, till, sale) }),
        ),
      );
      return ok({ results: results.map((result, index) => viewItem(body.accruals[index]?.reference ?? '', result)) });
    },
  }),
];

const refundRoute = ({ refunds }: Parts): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/accruals/{accrualId}/refunds',
    tag: TAG,
    summary: 'Give goods back, in whole or by line',
    about:
      'Their points go back: what the member has pending, then available, and the rest is owed. Refunds in any pieces together take what one of the whole would.',
    roles: ['admin', 'terminal'],
    params: idParams('accrualId'),
    body: schema.refundBody,
    answer: schema.refundView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: ({ params, body, principal, command }) => {
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : null;
      const ask = { accrualId: params.accrualId, merchantId };
      return command('accruals.refund', async (tx) => mapped(await refunds.refund(tx, ask, body), viewRefund));
    },
  });

const dryRunRoute = ({ accruals, db, nowMs }: Parts): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/accruals/dry-run',
    tag: TAG,
    summary: 'What a sale would earn, and why',
    about: 'Changes nothing, so no key is asked for. Staff may try rules that do not exist yet.',
    roles: ['admin', 'terminal'],
    idempotency: 'none',
    status: 200,
    body: schema.dryRunBody,
    answer: schema.dryRunView,
    refusals: ['not_found', 'forbidden', 'credential_refused', 'invalid_fields', 'earning_limit_reached'],
    handle: async ({ body, principal }) => {
      if (principal.kind === 'terminal' && (body.merchantId !== undefined || body.drafts.length > 0)) {
        return err(problem('forbidden', { detail: 'A terminal tries the rules of its own merchant.' }));
      }
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : body.merchantId;
      if (merchantId === undefined) {
        return err(problem('invalid_fields', { fields: { '/merchantId': 'Say at which merchant.' } }));
      }
      const drafts = body.drafts.map((draft, index) => asDraft(draft, index));
      const decided = await accruals.dryRun(db, { merchantId, sale: body.sale, now: nowMs(), drafts });
      return mapped(decided, ({ decision, linePoints }) => ({
        decision: { ...decision, rules: [...decision.rules] },
        linePoints: [...linePoints],
      }));
    },
  });

/** A draft has no id yet; its place in the list stands for it. */
const asDraft = (draft: Pick<RuleVersion, 'name' | 'definition'>, index: number): RuleVersion => ({
  ...draft,
  ruleId: String(index + 1).padStart(26, '0'),
  version: 0,
  startsAt: 0,
  endsAt: null,
});

const readRoutes = ({ db }: Parts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/accruals',
    tag: TAG,
    summary: 'Sales, newest first',
    about: 'A terminal sees those of its own merchant.',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({
      merchantId: z.optional(ulidSchema),
      memberId: z.optional(memberIdSchema),
      reference: line(64).optional().describe('The till’s number of the sale.'),
    }),
    answer: pageOf(schema.accrualView),
    handle: async ({ query: { limit, cursor, memberId, reference, ...query }, principal }) => {
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : query.merchantId;
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await store.listAccruals(db, { limit, memberId, merchantId, reference, ...before });
      return ok(cutPage(rows.map(viewAccrual), limit, (row) => row.accrualId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/accruals/{accrualId}',
    tag: TAG,
    summary: 'One sale: its products, and why it earned what it did',
    about: 'A terminal sees those of its own merchant.',
    roles: ['admin', 'terminal'],
    params: idParams('accrualId'),
    answer: schema.accrualDetails,
    refusals: ['not_found'],
    handle: async ({ params, principal }) => {
      const [row] = await store.accrualById(db, params);
      const isForeign = principal.kind === 'terminal' && row?.merchant_id !== principal.merchantId;
      if (!row || isForeign) return err(problem('not_found'));
      return ok(viewDetails(row, await store.linesOf(db, params), await store.refundsOf(db, row.accrual_id)));
    },
  }),
];
