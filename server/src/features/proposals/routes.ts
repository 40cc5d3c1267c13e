import { ulidSchema } from '@tessera/shared/ids/ulid';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { atMs, idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Action, Asked } from './action.ts';
import type { Proposals } from './service.ts';
import { listProposals, type ProposalRow } from './store.ts';

const TAG = 'Clearing';
const states = ['proposed', 'confirmed', 'rejected'] as const;

const proposalView = z
  .object({
    proposalId: ulidSchema,
    action: z.string(),
    party: z.string().nullable(),
    asked: z.record(z.string(), z.unknown()).describe('What was asked for, as it was sent.'),
    reason: z.string(),
    state: z.enum(states),
    proposedBy: z.string(),
    proposedAt: atMs,
    decidedBy: z.string().nullable(),
    decidedAt: atMs.nullable(),
  })
  .meta({ id: 'MoneyProposal' });

const viewProposal = (row: ProposalRow): z.input<typeof proposalView> => ({
  proposalId: row.proposal_id,
  action: row.action,
  party: row.party,
  asked: JSON.parse(row.body) as Record<string, unknown>,
  reason: row.reason,
  state: row.state,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
});

const askedBody = (actions: readonly Action[]) => {
  const [first, ...rest] = actions.map((action) => action.schema);
  if (first === undefined) throw new Error('There are actions to propose');
  return z.discriminatedUnion('action', [first, ...rest]) as unknown as z.ZodType<Asked>;
};

/** Doors to what takes two people. */
export const proposalRoutes = (proposals: Proposals, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/money-proposals',
    tag: TAG,
    summary: 'Propose a change of money or its terms',
    about: 'Nothing changes before a second person confirms it.',
    roles: ['admin'],
    body: askedBody(proposals.actions),
    answer: proposalView,
    refusals: ['invalid_fields', 'not_found', 'conflict', 'already_resolved'],
    handle: ({ body, command }) =>
      command('money.propose', async (tx) => mapped(await proposals.propose(tx, body), viewProposal)),
  }),
  ...(['confirmation', 'rejection'] as const).map((end) =>
    defineRoute({
      method: 'post',
      path: `/v1/money-proposals/{proposalId}/${end}`,
      tag: TAG,
      summary: end === 'confirmation' ? 'Confirm another person’s proposal' : 'End a proposal without effect',
      about:
        end === 'confirmation'
          ? 'It takes effect now. Whoever proposed it cannot, nor can the operator’s token: it is a file, not a person.'
          : 'Whoever proposed it may withdraw it so.',
      roles: ['admin'],
      status: 200,
      params: idParams('proposalId'),
      answer: proposalView,
      refusals: ['not_found', 'already_resolved', 'second_person_required', 'conflict', 'invalid_fields'],
      handle: ({ params, command }) =>
        command(`money.${end}`, async (tx) => {
          const decide =
            end === 'confirmation' ? proposals.confirm(tx, params.proposalId) : proposals.reject(tx, params.proposalId);
          return mapped(await decide, viewProposal);
        }),
    }),
  ),
  defineRoute({
    method: 'get',
    path: '/v1/money-proposals',
    tag: TAG,
    summary: 'Proposals, newest first',
    roles: ['admin'],
    query: pageQuery.extend({ state: z.enum(states).optional(), party: z.string().max(40).optional() }),
    answer: pageOf(proposalView),
    handle: async ({ query: { limit, cursor, state, party } }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await listProposals(db, { limit, state, party, ...before });
      return ok(cutPage(rows.map(viewProposal), limit, (row) => row.proposalId));
    },
  }),
];
