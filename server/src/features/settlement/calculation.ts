import type { Scheduler } from '@tessera/shared/ports';
import { assert } from '@tessera/shared/result';
import type { Actor } from '../../platform/commands/actor.ts';
import type { Commands, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import { pause } from '../../platform/jobs/pause.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import { allParties, balances } from '../clearing/index.ts';
import { sumUp, type Sum } from './calculate.ts';
import { firstLink, sealStatement } from './chain.ts';
import { netOut } from './netting.ts';
import type { SettlementRuns } from './runs.ts';
import * as store from './store.ts';
import type { RunRow } from './store.ts';

/** Pages between two notes of how far a calculation has come. */
const PAGES_A_NOTE = 50;
/** Statements a statement of SQL. */
const ROWS_AT_ONCE = 100;

interface CalculationParts {
  readonly commands: Commands;
  readonly db: Db;
  readonly runs: SettlementRuns;
  readonly keys: ServerKeys;
  readonly scheduler: Scheduler;
}

/**
 * Calculates the run that has been cut off, if there is one. Its lines never change and are read beside the commands, page
 * by page; only the sums are written. A crash in the middle loses nothing but the time.
 */
export async function calculate(
  { commands, db, runs, keys, scheduler }: CalculationParts,
  actor: Actor,
): Promise<void> {
  const run = await store.runUnderway(db);
  if (run?.state !== 'cutoff') return;
  const claim = { runId: run.run_id, from: run.from_posting, to: run.to_posting ?? run.from_posting };
  let pages = 0;
  const note = (counted: number) =>
    runForJob(commands, 'settlement.progress', actor, (tx) => store.moveRun(tx.db, run.run_id, 'cutoff', { counted }));
  const sums = await sumUp(db, claim, async (counted) => {
    pages += 1;
    if (pages % PAGES_A_NOTE === 0) await note(counted);
    await pause(scheduler);
  });
  await runForJob(commands, 'settlement.calculate', actor, (tx) => conclude(tx, { runs, keys }, run, sums));
}

/** Writes the statements; nothing where a dispute came between, which has asked for a new calculation. */
async function conclude(
  tx: Tx,
  { runs, keys }: Pick<CalculationParts, 'runs' | 'keys'>,
  seen: RunRow,
  sums: readonly Sum[],
): Promise<void> {
  const run = await store.runById(tx.db, seen.run_id);
  if (run?.state !== 'cutoff' || run.disputes !== seen.disputes) return;
  await store.forgetNets(tx.db, run.run_id);
  const held = new Map(
    (await balances(tx.db)).map(({ account, party, currency, amount }) => [keyOf(account, party, currency), amount]),
  );
  const parties = await partiesById(tx);
  const rows = [...sums, ...leaving(run, sums, { held, parties })].map((sum) =>
    netRow(keys, run, sum, { held, parties }),
  );
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await store.insertNets(tx.db, rows.slice(from, from + ROWS_AT_ONCE));
  }
  const counted = sums.reduce((total, sum) => total + sum.lines, 0);
  const moved = await runs.calculated(tx, { ...run, counted });
  assert(moved.ok, 'a run that was read in this command is still cut off');
}

/** What is known of parties when their sums are concluded. */
interface Known {
  readonly held: ReadonlyMap<string, number>;
  readonly parties: ReadonlyMap<string, Party>;
}

type Party = Awaited<ReturnType<typeof allParties>>[number];

const keyOf = (account: string, party: string, currency: string): string => `${account} ${party} ${currency}`;

/** Parties that have left: what they had paid ahead and what was kept back goes back to them, with or without other lines. */
function leaving(run: RunRow, sums: readonly Sum[], { held, parties }: Known): Sum[] {
  const summed = new Set(sums.map((sum) => keyOf('', sum.party, sum.currency)));
  return [...parties.values()]
    .filter(({ wound_down_at }) => wound_down_at !== null)
    .filter(({ party, currency }) => !summed.has(keyOf('', party, currency)))
    .filter(({ party, currency }) =>
      ['prepaid', 'reserve'].some((account) => (held.get(keyOf(account, party, currency)) ?? 0) > 0),
    )
    .map(({ party, currency }) => {
      const head = firstLink({ runId: run.run_id, party, currency });
      return { party, currency, lines: 0, totals: {}, net: 0, head };
    });
}

function netRow(keys: ServerKeys, run: RunRow, sum: Sum, { held, parties }: Known): store.NetRow {
  const { party, currency, lines, net } = sum;
  const known = parties.get(party);
  assert(known !== undefined, 'whoever has postings is a party');
  const { prepaid, reserve, payable } = netOut(net, {
    prepaid: held.get(keyOf('prepaid', party, currency)) ?? 0,
    reserve: held.get(keyOf('reserve', party, currency)) ?? 0,
    reservePpm: known.reserve_ppm,
    reserveCap: known.reserve_cap_minor,
    isWoundDown: known.wound_down_at !== null,
  });
  const row = {
    run_id: run.run_id,
    party,
    currency,
    name: known.name,
    lines,
    totals: JSON.stringify(sum.totals),
    net_minor: net,
    prepaid_minor: prepaid,
    reserve_minor: reserve,
    payable_minor: payable,
    head: sum.head,
  };
  const { keyId, key } = keys.current;
  const signature = sealStatement(row, key);
  return { ...row, key_id: keyId, signature, paid_minor: 0, state: 'calculated' };
}

const partiesById = async (tx: Tx): Promise<Map<string, Party>> =>
  new Map((await allParties(tx.db)).map((party) => [party.party, party]));
