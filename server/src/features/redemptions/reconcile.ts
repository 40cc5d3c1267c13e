import { encodeUlid } from '@tessera/shared/ids/ulid';
import type { HelloBody } from '@tessera/shared/protocol/kiosk';
import type { BookEvent, BookState } from '@tessera/shared/redemption/books';
import { assert } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

/** Brings the books and a journal together when a kiosk says hello. */
export class Reconciler {
  readonly #bookkeeper: Bookkeeper;
  readonly #ledgerEpoch: string;

  constructor(bookkeeper: Bookkeeper, ledgerEpoch: string) {
    this.#bookkeeper = bookkeeper;
    this.#ledgerEpoch = ledgerEpoch;
  }

  /**
   * The journal is whole and not behind: what is open here and not open there was never requested by it.
   * A held order waits for its member and is no business of hello; what is in doubt stays. What is older than a restore may
   * have ended since the backup, and been forgotten by both: only its replayed grant, a count or two staff end it.
   */
  async journalWhole(tx: Tx, kioskId: string, hello: HelloBody): Promise<void> {
    const known = new Set(hello.open.map((each) => each.redemptionId));
    for (const row of await store.openOfKiosk(tx.db, kioskId)) {
      const waiting = row.kind === 'pickup' && (row.state === 'held' || row.state === 'held_overdue');
      if (known.has(row.redemption_id) || waiting || this.#olderThanBooks(row)) continue;
      await this.#must(tx, row, 'never_requested');
    }
  }

  /** The journal was lost, restored or cloned: nobody knows what happened to anything that is open. */
  async journalLost(tx: Tx, kioskId: string): Promise<void> {
    for (const row of await store.openOfKiosk(tx.db, kioskId)) await this.#must(tx, row, 'journal_lost');
  }

  /** What the books say of each redemption that hello named; another kiosk's is none of its business. */
  async statesOf(
    tx: Tx,
    kioskId: string,
    open: HelloBody['open'],
  ): Promise<{ redemptionId: string; state: BookState }[]> {
    const states: { redemptionId: string; state: BookState }[] = [];
    for (const { redemptionId } of open) {
      const [row] = await store.redemptionById(tx.db, { redemptionId });
      states.push({ redemptionId, state: row?.kiosk_id === kioskId ? row.state : 'none' });
    }
    return states;
  }

  /** ULIDs begin with their time: ten characters of it say which was first. */
  #olderThanBooks(row: RedemptionRow): boolean {
    const made = encodeUlid(row.created_at, new Uint8Array(10));
    return made.slice(0, 10) < this.#ledgerEpoch.slice(0, 10);
  }

  async #must(tx: Tx, row: RedemptionRow, event: BookEvent): Promise<void> {
    const applied = await this.#bookkeeper.apply(tx, row, event);
    assert(applied.ok, `an open redemption takes ${event}`);
  }
}
