import * as z from 'zod';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Neighbours } from '../../platform/database/neighbours.ts';

/** What others must do once a change to a kiosk is on disk. */
export interface KioskListener {
  /** Something that the kiosk keeps (planogram, rewards, revoked orders) changed. */
  configChanged(kioskId: string): void;
  /** Connections of this kiosk must end; the code says why. With `below`, only those with a lower number. */
  mustClose(kioskId: string, code: CloseCode, below?: number): void;
  /** Words of other processes may have been lost: everything may have changed. */
  missed(): void;
}

const closeCodes = ['kiosk_revoked', 'journal_lost', 'kiosk_superseded'] as const;
export type CloseCode = (typeof closeCodes)[number];

/** A signal as the other processes hear it. */
const wordSchema = z.object({
  kiosk: z.string(),
  close: z.enum(closeCodes).optional(),
  below: z.number().optional(),
});
type Word = z.output<typeof wordSchema>;

const PREFIX = 'kiosk ';

/** Passes signals from the books to whoever holds the connections, in this process and in those beside it. */
export class KioskSignals {
  readonly #neighbours: Neighbours;
  readonly #listeners: KioskListener[] = [];

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
    neighbours.listen(
      (word) => {
        if (word.startsWith(PREFIX)) this.#tell(wordSchema.parse(JSON.parse(word.slice(PREFIX.length))));
      },
      () => {
        for (const listener of this.#listeners) listener.missed();
      },
    );
  }

  subscribe(listener: KioskListener): void {
    this.#listeners.push(listener);
  }

  /** Says so once the command is on disk. */
  async configChanged(tx: Tx, kioskId: string): Promise<void> {
    await this.#say(tx, { kiosk: kioskId });
  }

  async mustClose(tx: Tx, kioskId: string, code: CloseCode): Promise<void> {
    await this.#say(tx, { kiosk: kioskId, close: code });
  }

  /** This process has the newest connection, number `counter`: those before it, elsewhere, are over. */
  async connected(tx: Tx, kioskId: string, counter: number): Promise<void> {
    const word: Word = { kiosk: kioskId, close: 'kiosk_superseded', below: counter };
    await this.#neighbours.say(tx.db, PREFIX + JSON.stringify(word));
  }

  async #say(tx: Tx, word: Word): Promise<void> {
    tx.afterCommit(() => {
      this.#tell(word);
    });
    await this.#neighbours.say(tx.db, PREFIX + JSON.stringify(word));
  }

  #tell({ kiosk, close, below }: Word): void {
    for (const listener of this.#listeners) {
      if (close === undefined) listener.configChanged(kiosk);
      else listener.mustClose(kiosk, close, below);
    }
  }
}
