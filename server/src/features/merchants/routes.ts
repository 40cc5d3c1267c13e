import type { Problem } from '@tessera/shared/problem';
import { problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped, withoutUndefined } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { merchantStates } from './contract.ts';
import * as schema from './schemas.ts';
import type { Merchants } from './service.ts';
import * as store from './store.ts';
import { viewBranch, viewIndustry, viewMerchant, viewTerminal } from './views.ts';

const TAG = 'Merchants';
const merchantParams = idParams('merchantId');

/** A terminal sees its own merchant only; for it there are no others. */
const visible = (principal: Principal, merchantId: string): Result<null, Problem> =>
  principal.kind === 'terminal' && principal.merchantId !== merchantId ? err(problem('not_found')) : ok(null);

/** Doors to industries, merchants and what belongs to them. */
export const merchantRoutes = (merchants: Merchants, db: Db): Route[] => [
  ...industryRoutes(merchants, db),
  ...contractRoutes(merchants),
  ...readRoutes(merchants, db),
  ...branchRoutes(merchants, db),
  ...terminalRoutes(merchants, db),
];

const industryRoutes = (merchants: Merchants, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/industries',
    tag: TAG,
    summary: 'Add an industry',
    roles: ['admin'],
    body: schema.addIndustryBody,
    answer: schema.industryView,
    handle: ({ body, command }) =>
      command('industries.add', async (tx) => mapped(await merchants.addIndustry(tx, body.name), viewIndustry)),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/industries',
    tag: TAG,
    summary: 'All industries',
    roles: ['admin', 'terminal'],
    answer: z.object({ items: z.array(schema.industryView) }),
    handle: async () => ok({ items: (await store.allIndustries(db)).map(viewIndustry) }),
  }),
];

const contractRoutes = (merchants: Merchants): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/merchants',
    tag: TAG,
    summary: 'Record a merchant that applies',
    about: 'A new merchant is `applied`; it earns nobody points before it is `active`.',
    roles: ['admin'],
    body: schema.addMerchantBody,
    answer: schema.merchantView,
    refusals: ['invalid_fields'],
    handle: ({ body, command }) =>
      command('merchants.apply', async (tx) => mapped(await merchants.apply(tx, body), viewMerchant)),
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/merchants/{merchantId}',
    tag: TAG,
    summary: 'Change name, terms or earn rate',
    about: 'Only the fields that are sent are changed. Points already earned keep their worth.',
    roles: ['admin'],
    params: merchantParams,
    body: schema.changeMerchantBody,
    answer: schema.merchantView,
    refusals: ['not_found', 'invalid_fields'],
    handle: ({ params, body, command }) =>
      command('merchants.change', async (tx) =>
        mapped(await merchants.change(tx, params.merchantId, withoutUndefined(body)), viewMerchant),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/merchants/{merchantId}/state',
    tag: TAG,
    summary: 'Move the contract',
    about: 'applied → signed → active ⇄ suspended; from each of them → left.',
    roles: ['admin'],
    status: 200,
    params: merchantParams,
    body: schema.moveMerchantBody,
    answer: schema.merchantView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('merchants.move', async (tx) =>
        mapped(await merchants.move(tx, params.merchantId, body.state), viewMerchant),
      ),
  }),
];

const readRoutes = (merchants: Merchants, db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/merchants',
    tag: TAG,
    summary: 'List merchants',
    roles: ['admin'],
    query: pageQuery.extend({ state: z.enum(merchantStates).optional() }),
    answer: pageOf(schema.merchantView),
    handle: async ({ query: { limit, cursor, state } }) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      const rows = await store.listMerchants(db, { limit, state, ...after });
      return ok(cutPage(rows.map(viewMerchant), limit, (row) => row.merchantId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/merchants/{merchantId}',
    tag: TAG,
    summary: 'One merchant',
    roles: ['admin', 'terminal'],
    params: merchantParams,
    answer: schema.merchantView,
    refusals: ['not_found'],
    handle: async ({ params, principal }) => {
      const seen = visible(principal, params.merchantId);
      if (!seen.ok) return seen;
      const row = await merchants.find(db, params.merchantId);
      return row ? ok(viewMerchant(row)) : err(problem('not_found'));
    },
  }),
];

const branchRoutes = (merchants: Merchants, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/merchants/{merchantId}/branches',
    tag: TAG,
    summary: 'Add a branch',
    roles: ['admin'],
    params: merchantParams,
    body: schema.addBranchBody,
    answer: schema.branchView,
    refusals: ['not_found'],
    handle: ({ params, body, command }) =>
      command('branches.add', async (tx) => mapped(await merchants.addBranch(tx, params.merchantId, body), viewBranch)),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/merchants/{merchantId}/branches',
    tag: TAG,
    summary: 'All branches of a merchant',
    roles: ['admin', 'terminal'],
    params: merchantParams,
    answer: z.object({ items: z.array(schema.branchView) }),
    refusals: ['not_found'],
    handle: async ({ params, principal }) => {
      const seen = visible(principal, params.merchantId);
      return seen.ok ? ok({ items: (await store.branchesOf(db, params.merchantId)).map(viewBranch) }) : seen;
    },
  }),
];

const terminalRoutes = (merchants: Merchants, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/merchants/{merchantId}/terminals',
    tag: TAG,
    summary: 'Add a terminal',
    about: 'Answers the terminal’s bearer token, this once.',
    roles: ['admin'],
    params: merchantParams,
    body: schema.addTerminalBody,
    answer: schema.newTerminalView,
    refusals: ['not_found', 'invalid_fields'],
    handle: ({ params, body: { name, branchId }, command }) =>
      command('terminals.add', async (tx) =>
        mapped(await merchants.addTerminal(tx, params.merchantId, { name, branchId }), (added) => ({
          id: added.terminalId,
          ...added,
        })),
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/merchants/{merchantId}/terminals',
    tag: TAG,
    summary: 'All terminals of a merchant',
    roles: ['admin'],
    params: merchantParams,
    answer: z.object({ items: z.array(schema.terminalView) }),
    handle: async ({ params }) => ok({ items: (await store.terminalsOf(db, params.merchantId)).map(viewTerminal) }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/terminals/{terminalId}/revocation',
    tag: TAG,
    summary: 'Revoke a terminal',
    about: 'Its token stops working at once. A repeat is fine.',
    roles: ['admin'],
    status: 200,
    params: idParams('terminalId'),
    answer: schema.terminalView,
    refusals: ['not_found'],
    handle: ({ params, command }) =>
      command('terminals.revoke', async (tx) =>
        mapped(await merchants.revokeTerminal(tx, params.terminalId), viewTerminal),
      ),
  }),
];
