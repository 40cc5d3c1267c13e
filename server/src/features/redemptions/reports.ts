import { problem, type Problem } from '@tessera/shared/problem';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { BookEvent, BookState } from '@tessera/shared/redemption/books';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Stock } from '../stock/index.ts';
import { problemOf, type Bookkeeper } from './bookkeeper.ts';
import type { EventContext } from './context.ts';
import { unseen } from './rows.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

type OutcomeReport = Omit<KioskRequest<'outcome'>, 'journalHead'>;
interface Settled {
  readonly state: BookState;
}

/** What a kiosk reports of its redemptions after it has asked for them. Every report may come twice, late, or out of order. */
export class Reports {
  readonly #bookkeeper: Bookkeeper;
  readonly #stock: Stock;
  readonly #ledger: Ledger;

  constructor(bookkeeper: Bookkeeper, stock: Stock, ledger: Ledger) {
    this.#bookkeeper = bookkeeper;
    this.#stock = stock;
    this.#ledger = ledger;
  }

  /** Given up before a drop was possible; an unknown id gets its tombstone. */
  async abandon(tx: Tx, kioskId: string, redemptionId: string): Promise<Result<Settled, Problem>> {
    const row = await this.#find(tx, kioskId, redemptionId);
    return row.ok ? this.#apply(tx, row.value, 'abandon') : row;
  }

  /** From here a drop is possible. */
  async vending(
    tx: Tx,
    kioskId: string,
    request: { redemptionId: string; slot: number },
  ): Promise<Result<Settled, Problem>> {
    const row = await this.#find(tx, kioskId, request.redemptionId);
    if (!row.ok) return row;
    const slot = await this.#knownSlot(tx, row.value, request.slot);
    return this.#apply(tx, row.value, 'vending', slot === undefined ? {} : { slot });
  }

  /** How a vend ended. A second, different word for the same id changes no books: it opens a discrepancy. */
  async outcome(
    tx: Tx,
    kioskId: string,
    report: OutcomeReport,
  ): Promise<Result<Settled & { points: number | null }, Problem>> {
    const before = await this.#find(tx, kioskId, report.redemptionId);
    if (!before.ok) return before;
    const { outcome, evidence } = report;
    const said = before.value.outcome;
    const event = said === null || said === outcome ? outcome : 'outcome_conflict';
    const slot = (await this.#knownSlot(tx, before.value, report.slot)) ?? before.value.slot;
    const context: EventContext = {
      ...(event === 'outcome_conflict' ? { detail: { outcome } } : { outcome }),
      evidence,
      ...(slot === null ? {} : { slot }),
    };
    const applied = await this.#bookkeeper.apply(tx, before.value, event, context);
    if (!applied.ok) return err(problemOf(applied.error));
    const after = applied.value;
    if (slot !== null && before.value.state !== after.state) await this.#aftermath(tx, after, slot, report);
    const balances = after.member_id === null ? undefined : await this.#ledger.balancesOf(tx.db, after.member_id);
    return ok({ state: after.state, points: balances?.available ?? null });
  }

  /** A drop beyond the first, told as an event of its own. What the outcome told already is not written off twice. */
  async extraDropReported(tx: Tx, kioskId: string, redemptionId: string, slot: number): Promise<boolean> {
    const [row] = await store.redemptionById(tx.db, { redemptionId });
    if (row?.kiosk_id !== kioskId) return false;
    const reports = await this.#stock.extraDropReports(tx.db, redemptionId);
    await this.#extraDrops(tx, row, slot, reports);
    return true;
  }

  /** The slot that a kiosk named, where the books have it; the redemption's own they have. */
  async #knownSlot(tx: Tx, row: RedemptionRow, slot: number): Promise<number | undefined> {
    if (row.slot === slot) return slot;
    const kioskId = row.kiosk_id;
    return (await this.#stock.slot(tx.db, { kioskId, slot })) ? slot : undefined;
  }

  async #aftermath(tx: Tx, after: RedemptionRow, slot: number, { evidence, outcome }: OutcomeReport): Promise<void> {
    const key = { kioskId: after.kiosk_id, slot };
    if (outcome === 'dropped') await this.#extraDrops(tx, after, slot, evidence.drops - 1);
    // It turned and nothing came: the gift may hang and fall for the next one.
    if (outcome === 'not_dropped' && evidence.rotated === 'yes') await this.#stock.closeSlot(tx, key, 'may_hang');
  }

  async #extraDrops(tx: Tx, row: RedemptionRow, slot: number, extra: number): Promise<void> {
    const more = extra - row.extra_drops;
    if (more <= 0) return;
    const key = { kioskId: row.kiosk_id, slot };
    await this.#stock.writeOffFallen(tx, key, more, 'extra_drop', row.redemption_id);
    await this.#bookkeeper.amend(tx, row, 'extra_drop', { extra_drops: extra }, { slot, units: more });
  }

  async #apply(
    tx: Tx,
    row: RedemptionRow,
    event: BookEvent,
    context: EventContext = {},
  ): Promise<Result<Settled, Problem>> {
    const applied = await this.#bookkeeper.apply(tx, row, event, context);
    return applied.ok ? ok({ state: applied.value.state }) : err(problemOf(applied.error));
  }

  /** The redemption, or an unseen one of this kiosk. Another kiosk's looks like nothing at all. */
  async #find(tx: Tx, kioskId: string, redemptionId: string): Promise<Result<RedemptionRow, Problem>> {
    const [row] = await store.redemptionById(tx.db, { redemptionId });
    if (!row) return ok(unseen(redemptionId, kioskId, tx.at));
    return row.kiosk_id === kioskId ? ok(row) : err(problem('not_found'));
  }
}
