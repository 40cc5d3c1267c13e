import { ulidSchema } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { currency } from '../../platform/openapi/fields.ts';
import { balanceOf, changeParty, fundOutstanding, knownParty, partySchema, watchCredit } from '../clearing/index.ts';
import { defineAction, type Action } from '../proposals/index.ts';
import type { Disputes } from './disputes.ts';
import { line, postForRun } from './posting.ts';
import type { SettlementRuns } from './runs.ts';
import * as store from './store.ts';
import type { NetRow } from './store.ts';

interface ActionParts {
  readonly runs: SettlementRuns;
  readonly disputes: Disputes;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** What of settlement takes two people. */
export const settlementActions = (parts: ActionParts): Action[] => [
  resolveDispute(parts),
  writeOff(parts),
  windDown(parts),
];

const resolveDispute = ({ disputes }: ActionParts): Action =>
  defineAction(
    'resolve_dispute',
    {
      disputeId: ulidSchema,
      verdict: z.enum(['upheld', 'rejected']),
      bearer: partySchema.default(OPERATOR).describe('Who takes the line over where the dispute is upheld.'),
    },
    {
      partyOf: ({ bearer }) => bearer,
      check: async (tx, { disputeId, bearer }) => {
        const found = await disputes.find(tx, disputeId);
        if (!found.ok) return found;
        const known = await knownParty(tx.db, bearer);
        return known.ok ? ok(null) : known;
      },
      perform: (tx, { disputeId, verdict, bearer }) => disputes.resolve(tx, disputeId, { verdict, bearer }),
    },
  );

/** The statement of a party that still owes something. */
async function owing(tx: Tx, at: { runId: string; party: string; currency: string }): Promise<Refused<NetRow>> {
  const net = await store.netByKey(tx.db, { run_id: at.runId, party: at.party, currency: at.currency });
  if (!net) return err(problem('not_found'));
  const owes = net.state === 'open' && net.payable_minor < 0;
  return owes ? ok(net) : err(problem('conflict', { facts: { state: net.state, payableMinor: net.payable_minor } }));
}

/** A merchant does not pay: its reserve covers what it can, the rest is the alliance's loss, and it issues no more. */
const writeOff = ({ runs, audit, chance }: ActionParts): Action =>
  defineAction(
    'default',
    { runId: ulidSchema, party: ulidSchema, currency },
    {
      partyOf: ({ party }) => party,
      check: async (tx, asked) => {
        const found = await owing(tx, asked);
        return found.ok ? ok(null) : found;
      },
      perform: async (tx, asked, proposalId) => {
        const found = await owing(tx, asked);
        if (!found.ok) return found;
        const { party, currency: paidIn, payable_minor, paid_minor } = found.value;
        const { runId } = asked;
        const open = paid_minor - payable_minor;
        const covered = Math.min(open, await balanceOf(tx.db, party, 'reserve', paidIn));
        await postForRun(tx, chance, { kind: 'default', runId, subject: proposalId }, [
          line('reserve', party, paidIn, -covered),
          line('default_loss', OPERATOR, paidIn, covered - open, party),
          line('merchant:payable', party, paidIn, open),
        ]);
        await store.updateNet(tx.db, found.value, { state: 'defaulted' });
        const run = await runs.follow(tx, runId, 'defaulted');
        if (!run.ok) return run;
        await fundOutstanding(tx, chance, { issuer: party, payer: 'operator', proposalId });
        const stopped = await changeParty(tx, party, { credit_limit_minor: 0 });
        if (!stopped.ok) return stopped;
        await watchCredit(tx, audit, party);
        return ok(null);
      },
    },
  );

/** A merchant has left: its unpaid points are paid for, and what was paid ahead and kept back goes back with the next run. */
const windDown = ({ chance }: ActionParts): Action => {
  const leaving = async (tx: Tx, party: string): Promise<Refused<null>> => {
    const known = await knownParty(tx.db, party);
    if (!known.ok) return known;
    if (known.value.wound_down_at !== null) return err(problem('already_resolved'));
    const merchant = tx.db.selectFrom('merchants').select('state').where('merchant_id', '=', party);
    const state = (await merchant.executeTakeFirst())?.state ?? null;
    return state === 'left' ? ok(null) : err(problem('conflict', { facts: { state } }));
  };
  return defineAction(
    'wind_down',
    { party: ulidSchema },
    {
      partyOf: ({ party }) => party,
      check: (tx, { party }) => leaving(tx, party),
      perform: async (tx, { party }, proposalId) => {
        const left = await leaving(tx, party);
        if (!left.ok) return left;
        await fundOutstanding(tx, chance, { issuer: party, payer: 'issuer', proposalId });
        const changed = await changeParty(tx, party, { wound_down_at: tx.at });
        return changed.ok ? ok(null) : changed;
      },
    },
  );
};
