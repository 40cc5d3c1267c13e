import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Chance } from '@tessera/shared/ports';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { partySchema } from './actions.ts';
import { balances } from './balances.ts';
import { creditOf } from './credit.ts';
import { chargeFees } from './fees.ts';
import { flowsBetween } from './flows.ts';
import { partyTerms } from './parties.ts';
import { recordPrepayment } from './prepayments.ts';
import * as schema from './schemas.ts';

const TAG = 'Clearing';
const partyParams = z.object({ party: partySchema });

interface ClearingRouteParts {
  readonly db: Db;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Doors to rates, balances and what is paid ahead. */
export const clearingRoutes = (parts: ClearingRouteParts): Route[] => [...readRoutes(parts), ...writeRoutes(parts)];

const readRoutes = ({ db }: ClearingRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/clearing/rates',
    tag: TAG,
    summary: 'All rates, the newest first',
    about: 'A party’s own rate goes before that of "*"; each lot keeps the rate that held when it was issued.',
    roles: ['admin'],
    answer: z.object({ items: z.array(schema.rateView) }),
    handle: async () => {
      const rows = db.selectFrom('clearing_rates').selectAll().orderBy('valid_from', 'desc').orderBy('rate_id', 'desc');
      return ok({ items: (await rows.limit(1000).execute()).map(schema.viewRate) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/clearing/balances',
    tag: TAG,
    summary: 'What every money account holds',
    roles: ['admin'],
    query: z.object({ party: partySchema.optional() }),
    answer: z.object({ items: z.array(schema.balanceView) }),
    handle: async ({ query: { party } }) =>
      ok({ items: (await balances(db, party === undefined ? {} : { party })).map(schema.viewBalance) }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/clearing/flows',
    tag: TAG,
    summary: 'Who issued, who redeemed, who owes whom',
    about: 'Burns less returns of a time, by issuer and redeemer. It reads every burn of that time.',
    roles: ['admin'],
    query: z.object({
      from: z.coerce.number().int().min(0).describe('Milliseconds since the Unix epoch.'),
      until: z.coerce.number().int().min(0).describe('The same; not included.'),
    }),
    answer: z.object({ items: z.array(schema.flowView) }),
    handle: async ({ query: { from, until } }) =>
      ok({ items: (await flowsBetween(db, from, until)).map(({ paid, ...flow }) => ({ ...flow, paidMinor: paid })) }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/clearing/parties/{party}',
    tag: TAG,
    summary: 'Where a merchant stands',
    about: 'Its balances, its limit and what is left of it. A terminal sees its own merchant.',
    roles: ['admin', 'terminal'],
    params: partyParams,
    answer: schema.clearingView,
    refusals: ['not_found'],
    handle: async ({ params: { party }, principal }) => {
      if (principal.kind === 'terminal' && principal.merchantId !== party) return err(problem('not_found'));
      const terms = await partyTerms(db, party);
      if (!terms) return err(problem('not_found'));
      return ok(schema.viewPosition(terms, await balances(db, { party }), await creditOf(db, party)));
    },
  }),
];

const writeRoutes = ({ audit, chance }: ClearingRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/clearing/parties/{party}/prepayments',
    tag: TAG,
    summary: 'Record what a merchant has paid ahead',
    about: 'Settlement takes what it owes from it first; issuing goes on as soon as there is room again.',
    roles: ['admin'],
    params: partyParams,
    body: schema.prepaymentBody,
    answer: schema.prepaymentView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params: { party }, body, command }) =>
      command('clearing.prepay', async (tx) =>
        mapped(await recordPrepayment(tx, { audit, chance }, { party, ...body }), (row) => ({
          prepaymentId: row.prepayment_id,
          party: row.party,
          currency: row.currency,
          amountMinor: row.amount_minor,
          reference: row.reference,
          at: row.at,
        })),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/clearing/fee-charges',
    tag: TAG,
    summary: 'Charge the monthly fees that are due',
    about: 'The server does so by itself every hour; each month of each merchant is charged once.',
    roles: ['admin'],
    status: 200,
    answer: z.object({ charged: z.int() }),
    handle: ({ command }) => command('clearing.fees', async (tx) => ok({ charged: await chargeFees(tx, chance) })),
  }),
];
