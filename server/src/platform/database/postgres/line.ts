import type { Client } from 'pg';
import type { Primary } from './primary.ts';

interface LineOptions {
  readonly primary: Primary;
  readonly pause: (ms: number) => Promise<void>;
  /** What a fresh connection is told before it is used. */
  readonly prepare: (client: Client) => Promise<void>;
  /** A connection was lost, and another one stands. */
  readonly restored: () => void;
}

const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** A connection that is kept up for as long as the server runs, on whichever machine the primary is. */
export class Line {
  readonly #options: LineOptions;
  #client: Client | undefined;
  #opening: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** The connection that stands, if one does. */
  get client(): Client | undefined {
    return this.#client;
  }

  /** Connects, and again whenever it has to. Resolves when a connection stands, or the line was closed. */
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { primary, prepare, restored, pause } = this.#options;
    for (let pauseMs = PAUSE_MS; !this.#closed; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const client = await primary.dedicated({ pipeline: true });
        client.once('end', () => {
          this.#client = undefined;
          if (!this.#closed) void this.open().then(restored);
        });
        await prepare(client);
        this.#client = client;
        return;
      } catch {
        await pause(pauseMs);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    await this.#client?.end().catch(() => undefined);
  }
}
