import { newUlid } from '@tessera/shared/ids/ulid';
import { advance } from '@tessera/shared/machine';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { secondPerson } from '../proposals/index.ts';
import { postNets } from './posting.ts';
import { settlement } from './states.ts';
import * as store from './store.ts';
import type { RunRow } from './store.ts';

/** The job that calculates what has been cut off. */
export const CALCULATE = 'settlement-calculate';

/** Settlement runs: what was posted in a stretch, netted for each party, approved by a second person, and paid. */
export class SettlementRuns {
  readonly #audit: Audit;
  readonly #chance: Chance;

  constructor(parts: { audit: Audit; chance: Chance }) {
    this.#audit = parts.audit;
    this.#chance = parts.chance;
  }

  /** Opens the next run; it begins where the one before ended. One at a time is underway. */
  async open(tx: Tx): Promise<Refused<RunRow>> {
    const before = await store.lastRun(tx.db);
    if (before?.underway === 1)
      return err(problem('conflict', { facts: { runId: before.run_id, state: before.state } }));
    const row = await store.insertRun(tx.db, {
      ...BLANK,
      run_id: newUlid({ nowMs: () => tx.at }, this.#chance),
      number: (before?.number ?? 0) + 1,
      from_posting: before?.to_posting ?? 0,
      opened_by: tx.actor,
      opened_at: tx.at,
    });
    await this.#write(tx, 'settlement.opened', row);
    return ok(row);
  }

  /**
   * Ends the stretch: what was posted before `until` (ms since the epoch; now) is claimed, and nothing else ever.
   * The calculation follows by itself.
   */
  async cutOff(tx: Tx, runId: string, until = tx.at + 1): Promise<Refused<RunRow>> {
    const found = await this.#at(tx, runId, 'cutoff');
    if (!found.ok) return found;
    const { from_posting } = found.value;
    const to = (await store.newestBefore(tx.db, from_posting, until)) ?? from_posting;
    const change = { until, to_posting: to, cutoff_by: tx.actor, cutoff_at: tx.at };
    const moved = await this.#move(tx, found.value, 'cutoff', change);
    if (moved.ok) tx.wake(CALCULATE);
    return moved;
  }

  /** A second person has looked at the figures. */
  async approve(tx: Tx, runId: string): Promise<Refused<RunRow>> {
    const found = await this.#at(tx, runId, 'approve');
    if (!found.ok) return found;
    const second = secondPerson(tx, found.value.cutoff_by ?? '');
    if (!second.ok) return second;
    return this.#move(tx, found.value, 'approve', { approved_by: tx.actor, approved_at: tx.at });
  }

  /** Books the nets: from here on the run is never changed, and what is left can be paid. */
  async post(tx: Tx, runId: string): Promise<Refused<RunRow>> {
    const found = await this.#at(tx, runId, 'post');
    if (!found.ok) return found;
    const nets = await store.netsOf(tx.db, runId);
    const isOpen = await postNets(tx, this.#chance, nets);
    const moved = await this.#move(tx, found.value, 'post', { underway: null, posted_by: tx.actor, posted_at: tx.at });
    return moved.ok && !isOpen ? this.#move(tx, moved.value, 'settle', { ended_at: tx.at }) : moved;
  }

  /** What a payment or a default makes of a posted run. */
  async follow(tx: Tx, runId: string, what: 'paid' | 'defaulted'): Promise<Refused<RunRow>> {
    const run = await store.runById(tx.db, runId);
    assert(run !== undefined, 'a net has its run');
    const isOpen = (await store.netsOf(tx.db, runId)).some((net) => net.state === 'open');
    const event = what === 'defaulted' ? 'default' : isOpen ? 'part' : 'settle';
    return this.#move(tx, run, event, isOpen ? {} : { ended_at: tx.at });
  }

  /** Takes a run that has been cut off and not approved back, because one of its lines is disputed. */
  async recalculate(tx: Tx, run: RunRow): Promise<Refused<RunRow>> {
    const moved = await this.#move(tx, run, 'dispute', { disputes: run.disputes + 1, calculated_at: null });
    if (moved.ok) tx.wake(CALCULATE);
    return moved;
  }

  async calculated(tx: Tx, run: RunRow): Promise<Refused<RunRow>> {
    return this.#move(tx, run, 'calculate', { calculated_at: tx.at, counted: run.counted });
  }

  /** A run that the event can move. */
  async #at(tx: Tx, runId: string, event: Parameters<typeof nextState>[1]): Promise<Refused<RunRow>> {
    const run = await store.runById(tx.db, runId);
    if (!run) return err(problem('not_found'));
    const next = nextState(run, event);
    return next.ok ? ok(run) : next;
  }

  async #move(
    tx: Tx,
    run: RunRow,
    event: Parameters<typeof nextState>[1],
    change: Parameters<typeof store.moveRun>[3],
  ): Promise<Refused<RunRow>> {
    const next = nextState(run, event);
    if (!next.ok) return next;
    const moved = await store.moveRun(tx.db, run.run_id, run.state, { ...change, state: next.value });
    if (!moved) return err(problem('conflict'));
    if (moved.state !== run.state) await this.#write(tx, `settlement.${moved.state}`, moved);
    return ok(moved);
  }

  async #write(tx: Tx, action: string, run: RunRow): Promise<void> {
    const { run_id, number, from_posting: from, to_posting: to } = run;
    await this.#audit.write(tx, action, `settlement:${run_id}`, { number, from, to });
  }
}

const BLANK = {
  state: 'open',
  underway: 1,
  until: null,
  to_posting: null,
  counted: 0,
  disputes: 0,
  cutoff_by: null,
  cutoff_at: null,
  calculated_at: null,
  approved_by: null,
  approved_at: null,
  posted_by: null,
  posted_at: null,
  ended_at: null,
} as const;

type Event = Parameters<typeof advance<RunRow['state'], keyof (typeof settlement)['open'], never>>[2];

/** Where a run goes from where it is, or why not. */
function nextState(run: RunRow, event: Event): Refused<RunRow['state']> {
  const next = advance(settlement, run.state, event);
  return next.ok ? ok(next.value.to) : err(problem('conflict', { facts: { state: run.state, why: next.error } }));
}
