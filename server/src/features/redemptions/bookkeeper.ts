import { newUlid } from '@tessera/shared/ids/ulid';
import { advance } from '@tessera/shared/machine';
import type { Chance } from '@tessera/shared/ports';
import { books, isOpen, type BookEvent, type BookState } from '@tessera/shared/redemption/books';
import { problem, type Problem } from '@tessera/shared/problem';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { RedemptionEventsTable } from '../../platform/database/schema/redemptions.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { EventContext } from './context.ts';
import type { Effects } from './effects.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';
import { waitsIn } from './times.ts';

/** The machine does not allow it: the reason is a stable word of its table. Or an effect could not be had: its problem. */
export type BookRefusal = { readonly reason: string } | { readonly problem: Problem };

/** The problem that a door answers for a refusal of the books. */
export const problemOf = (refusal: BookRefusal): Problem =>
  'problem' in refusal ? refusal.problem : problem('conflict', { facts: { reason: refusal.reason } });

const DECIDED_BY: Partial<Record<BookEvent, string>> = {
  dropped: 'kiosk',
  not_dropped: 'kiosk',
  abandon: 'kiosk',
  revoked: 'kiosk',
  never_requested: 'journal',
  count_fell: 'count',
  count_absent: 'count',
  staff_captured: 'staff',
  staff_released: 'staff',
};

/** Still on its way: the unit may come from another slot than the one it was reserved in, as a pick-up's may. */
const isUndecided = (state: BookState): boolean => isOpen(state) && state !== 'in_doubt';

interface BookkeeperOptions {
  readonly effects: Effects;
  readonly audit: Audit;
  readonly chance: Chance;
  readonly timeouts: Timeouts;
}

/** The only hand that changes a redemption: looks the event up in the table, performs its effects, writes the timeline. */
export class Bookkeeper {
  readonly #options: BookkeeperOptions;

  constructor(options: BookkeeperOptions) {
    this.#options = options;
  }

  /**
   * Applies one event to a redemption as it was read in this command (`none` for one that is not stored yet).
   * A repeat that moves nothing leaves no trace. Answers the row as it stands afterwards.
   */
  async apply(
    tx: Tx,
    row: RedemptionRow,
    event: BookEvent,
    context: EventContext = {},
  ): Promise<Result<RedemptionRow, BookRefusal>> {
    const step = advance(books, row.state, event);
    if (!step.ok) return err({ reason: step.error });
    const { to, effects } = step.value;
    if (to === row.state && effects.length === 0) return ok(row);
    const next = this.#next(tx, row, to, event, context);
    if (isUndecided(row.state) && next.slot !== row.slot) await this.#options.effects.moveReservation(tx, row, next);
    for (const effect of effects) {
      if (effect === 'discrepancy') {
        await this.#discrepancy(tx, row, event, context);
        continue;
      }
      const done = await this.#options.effects.perform(tx, effect, { before: row, after: next, context });
      if (!done.ok) return err({ problem: done.error });
    }
    await this.#write(tx, row, next);
    await this.note(tx, next, event, row.state, context);
    const { kiosk_id, slot, price, member_id } = next;
    await this.#options.audit.write(tx, `redemption.${event}`, `redemption:${row.redemption_id}`, {
      from: row.state,
      to,
      kiosk: kiosk_id,
      slot,
      points: price,
      member: member_id,
    });
    return ok(next);
  }

  /** Adds a line to the timeline. The caller has raised `events` of the row and stores it. */
  async note(
    tx: Tx,
    row: RedemptionRow,
    event: RedemptionEventsTable['event'],
    from: BookState,
    { detail = {}, evidence, slot }: EventContext,
  ): Promise<void> {
    await store.insertEvent(tx.db, {
      redemption_id: row.redemption_id,
      seq: row.events,
      at: tx.at,
      event,
      from_state: from,
      to_state: row.state,
      actor: tx.actor,
      detail: JSON.stringify({ ...detail, ...(slot === undefined ? {} : { slot }), ...(evidence ? { evidence } : {}) }),
    });
  }

  /** A change that is no event of the machine (extra drops, a correction): the row keeps its state. */
  async amend(
    tx: Tx,
    row: RedemptionRow,
    event: RedemptionEventsTable['event'],
    change: Partial<Pick<RedemptionRow, 'extra_drops' | 'corrections'>>,
    detail: NonNullable<EventContext['detail']>,
  ): Promise<RedemptionRow> {
    const next = { ...row, ...change, events: row.events + 1, updated_at: tx.at };
    await this.#write(tx, row, next);
    await this.note(tx, next, event, row.state, { detail });
    return next;
  }

  #next(tx: Tx, row: RedemptionRow, to: BookState, event: BookEvent, context: EventContext): RedemptionRow {
    const ends = !isOpen(to) && row.ended_at === null;
    // An ended redemption keeps its evidence: what comes later is in the timeline and in its discrepancy.
    const evidence = row.ended_at === null && context.evidence ? JSON.stringify(context.evidence) : row.evidence;
    return {
      ...row,
      ...waitsIn(to, row, tx.at, this.#options.timeouts),
      state: to,
      slot: isUndecided(row.state) ? (context.slot ?? row.slot) : (row.slot ?? context.slot ?? null),
      outcome: row.ended_at === null ? (context.outcome ?? row.outcome) : row.outcome,
      evidence,
      decided_by: ends ? (DECIDED_BY[event] ?? 'server') : row.decided_by,
      events: row.events + 1,
      updated_at: tx.at,
      ended_at: ends ? tx.at : row.ended_at,
    };
  }

  async #write(tx: Tx, before: RedemptionRow, after: RedemptionRow): Promise<void> {
    if (before.state === 'none') {
      await store.insertRedemption(tx.db, after);
      return;
    }
    const written = await store.updateRedemption(tx.db, { ...after, from: before.state });
    assert(written.length === 1, 'a redemption that was read in this command is still in its state');
  }

  async #discrepancy(tx: Tx, row: RedemptionRow, event: BookEvent, { evidence }: EventContext): Promise<void> {
    await store.insertDiscrepancy(tx.db, {
      discrepancy_id: newUlid({ nowMs: () => tx.at }, this.#options.chance),
      redemption_id: row.redemption_id,
      kiosk_id: row.kiosk_id,
      event,
      state_then: row.state,
      detail: JSON.stringify(evidence ?? {}),
      state: 'open',
      opened_at: tx.at,
      closed_at: null,
    });
  }
}
