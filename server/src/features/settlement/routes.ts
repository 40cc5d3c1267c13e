import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, decodeNumber, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import { listDisputes, type Disputes } from './disputes.ts';
import { fileRoutes } from './file-routes.ts';
import { recordPayment } from './payments.ts';
import type { SettlementRuns } from './runs.ts';
import * as schema from './schemas.ts';
import * as store from './store.ts';

const TAG = 'Settlement';
const runParams = idParams('runId');

export interface SettlementRouteParts {
  readonly db: Db;
  readonly runs: SettlementRuns;
  readonly disputes: Disputes;
  readonly keys: ServerKeys;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Doors to settlement: runs, payments, disputes, statements, payment files. */
export const settlementRoutes = (parts: SettlementRouteParts): Route[] => [
  ...runRoutes(parts),
  ...stepRoutes(parts),
  ...disputeRoutes(parts),
  ...fileRoutes(parts),
];

const runRoutes = ({ db, runs }: SettlementRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/settlement-runs',
    tag: TAG,
    summary: 'Open the next settlement run',
    about: 'It begins where the one before ended. One at a time is underway.',
    roles: ['admin'],
    answer: schema.runView,
    refusals: ['conflict'],
    handle: ({ command }) => command('settlement.open', async (tx) => mapped(await runs.open(tx), schema.viewRun)),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/settlement-runs',
    tag: TAG,
    summary: 'Settlement runs, newest first',
    roles: ['admin'],
    query: pageQuery,
    answer: pageOf(schema.runView),
    handle: async ({ query: { limit, cursor } }) => {
      const rows = await store.listRuns(db, { limit, before: decodeNumber(cursor) });
      return ok(cutPage(rows.map(schema.viewRun), limit, (row) => String(row.number)));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/settlement-runs/{runId}',
    tag: TAG,
    summary: 'One run with what each party is owed or owes',
    about: 'A terminal sees its own merchant’s statements only.',
    roles: ['admin', 'terminal'],
    params: runParams,
    answer: schema.runDetail,
    refusals: ['not_found'],
    handle: async ({ params: { runId }, principal }) => {
      const run = await store.runById(db, runId);
      const own = principal.kind === 'terminal' ? principal.merchantId : undefined;
      const nets = (await store.netsOf(db, runId)).filter((net) => own === undefined || net.party === own);
      if (!run || (own !== undefined && nets.length === 0)) return err(problem('not_found'));
      return ok({ ...schema.viewRun(run), nets: nets.map(schema.viewNet) });
    },
  }),
];

const stepRoutes = ({ runs, audit, chance }: SettlementRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/settlement-runs/{runId}/cutoff',
    tag: TAG,
    summary: 'End a run’s time',
    about: 'The calculation follows by itself; ask for the run to see how far it has come.',
    roles: ['admin'],
    status: 202,
    params: runParams,
    body: schema.cutoffBody,
    answer: schema.runView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: ({ params, body: { until }, command }) =>
      command('settlement.cutoff', async (tx) => {
        if (until !== undefined && until > tx.at + 1) {
          return err(problem('invalid_fields', { fields: { '/until': 'This is in the future.' } }));
        }
        return mapped(await runs.cutOff(tx, params.runId, until), schema.viewRun);
      }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/settlement-runs/{runId}/approval',
    tag: TAG,
    summary: 'Approve a calculated run',
    about: 'By another person than the one who ended its time; never by the operator’s token.',
    roles: ['admin'],
    status: 200,
    params: runParams,
    answer: schema.runView,
    refusals: ['not_found', 'conflict', 'second_person_required'],
    handle: ({ params, command }) =>
      command('settlement.approve', async (tx) => mapped(await runs.approve(tx, params.runId), schema.viewRun)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/settlement-runs/{runId}/posting',
    tag: TAG,
    summary: 'Post an approved run',
    about: 'From here on nothing of it changes; what was wrong goes into the next one.',
    roles: ['admin'],
    status: 200,
    params: runParams,
    answer: schema.runView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, command }) =>
      command('settlement.post', async (tx) => mapped(await runs.post(tx, params.runId), schema.viewRun)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/settlement-runs/{runId}/payments',
    tag: TAG,
    summary: 'Record a payment for a posted run',
    about: 'Whole or in part, never more than is open.',
    roles: ['admin'],
    params: runParams,
    body: schema.paymentBody,
    answer: schema.paymentView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('settlement.pay', async (tx) =>
        mapped(await recordPayment(tx, { runs, audit, chance }, { ...params, ...body }), schema.viewPayment),
      ),
  }),
];

const disputeRoutes = ({ db, disputes }: SettlementRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/money-disputes',
    tag: TAG,
    summary: 'Dispute one line',
    about:
      'Its money waits in suspense until two people have decided (`resolve_dispute` of /v1/money-proposals); all other lines are settled. A terminal disputes lines of its own merchant.',
    roles: ['admin', 'terminal'],
    body: schema.disputeBody,
    answer: schema.disputeView,
    refusals: ['not_found', 'conflict'],
    handle: ({ body, principal, command }) =>
      command('settlement.dispute', async (tx) => {
        const own = principal.kind === 'terminal' ? { party: principal.merchantId } : {};
        return mapped(await disputes.open(tx, { ...body, ...own }), schema.viewDispute);
      }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/money-disputes',
    tag: TAG,
    summary: 'Disputes, newest first',
    about: 'A terminal sees those of its own merchant.',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({ state: schema.disputeState.optional(), party: z.string().max(40).optional() }),
    answer: pageOf(schema.disputeView),
    handle: async ({ query: { limit, cursor, state, party }, principal }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const own = principal.kind === 'terminal' ? principal.merchantId : party;
      const rows = await listDisputes(db, { limit, state, party: own, ...before });
      return ok(cutPage(rows.map(schema.viewDispute), limit, (row) => row.disputeId));
    },
  }),
];
