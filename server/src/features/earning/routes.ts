import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import * as schema from './schemas.ts';
import type { Earning } from './service.ts';
import * as store from './store.ts';
import { viewRule } from './views.ts';

const TAG = 'Earning rules';
const ruleParams = idParams('ruleId');

/** The doors to earning rules. */
export const earningRoutes = (earning: Earning, db: Db): Route[] => [...readRoutes(db), ...writeRoutes(earning)];

const readRoutes = (db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/earning-rules',
    tag: TAG,
    summary: 'List earning rules',
    about: 'Each by its newest version. A terminal sees its own merchant’s and the alliance’s.',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({ merchantId: z.optional(ulidSchema) }),
    answer: pageOf(schema.ruleView),
    handle: async ({ query: { limit, cursor, ...query }, principal }) => {
      const merchantId = principal.kind === 'terminal' ? principal.merchantId : query.merchantId;
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      const rows = await store.listRules(db, { limit, merchantId, ...after });
      return ok(cutPage(rows.map(viewRule), limit, ({ ruleId }) => ruleId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/earning-rules/{ruleId}',
    tag: TAG,
    summary: 'One rule with all its versions',
    roles: ['admin'],
    params: ruleParams,
    answer: schema.ruleWithUse,
    refusals: ['not_found'],
    handle: async ({ params: { ruleId } }) => {
      const rows = await store.versionsOf(db, ruleId);
      const [last] = rows;
      if (!last) return err(problem('not_found'));
      const [budget] = await store.budgetOf(db, { ruleId });
      const given = { points: budget?.points ?? 0, times: budget?.times ?? 0 };
      return ok({ ...viewRule(last), given, versions: rows.map(viewRule) });
    },
  }),
];

const writeRoutes = (earning: Earning): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/earning-rules',
    tag: TAG,
    summary: 'Add an earning rule',
    about:
      'Without rules a sale earns the merchant’s rate. `POST /v1/accruals/dry-run` shows what a rule would do before it is added.',
    roles: ['admin'],
    body: schema.addRuleBody,
    answer: schema.ruleView,
    refusals: ['invalid_fields'],
    handle: ({ body, command }) => command('earning.add', async (tx) => mapped(await earning.add(tx, body), viewRule)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/earning-rules/{ruleId}/versions',
    tag: TAG,
    summary: 'Change a rule by a new version',
    about: 'The version before stays in force until this one starts, and for sales from before. Counters go on.',
    roles: ['admin'],
    params: ruleParams,
    body: schema.addVersionBody,
    answer: schema.ruleView,
    refusals: ['not_found', 'invalid_fields', 'conflict'],
    handle: ({ params, body: { name, ...body }, command }) =>
      command('earning.change', async (tx) =>
        mapped(await earning.change(tx, params.ruleId, { ...body, name }), viewRule),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/earning-rules/{ruleId}/end',
    tag: TAG,
    summary: 'End a rule',
    roles: ['admin'],
    status: 200,
    params: ruleParams,
    body: schema.endRuleBody,
    answer: schema.ruleView,
    refusals: ['not_found', 'invalid_fields', 'conflict'],
    handle: ({ params, body, command }) =>
      command('earning.end', async (tx) => mapped(await earning.end(tx, params.ruleId, body.endsAt), viewRule)),
  }),
];
