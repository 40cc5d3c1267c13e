import pg, { type Client, type ClientConfig, type Pool, type PoolClient } from 'pg';
import { clientConfig } from './addresses.ts';
import { isPassing } from './failures.ts';
import { valueTypes } from './types.ts';

/** Connections that only read, side by side. */
const READERS = 6;
const IDLE_MS = 30_000;

/** An address answers, but as a standby: it will not write. */
class NotThePrimary extends Error {
  readonly code = '25006';
}

/** Throws where the server at the other end is a standby. */
async function mustBePrimary(client: Pick<Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
  if (rows[0]?.standby !== false) throw new NotThePrimary('This PostgreSQL is a standby');
}

/** Finds the primary among some addresses, again and again: after a failover it is another one. */
export class Primary {
  readonly #addresses: readonly string[];
  readonly #pools: readonly Pool[];
  /** Connections that were asked once: a primary becomes a standby by a restart alone, which ends them. */
  readonly #asked = new WeakSet<PoolClient>();
  #last = 0;

  constructor(addresses: readonly string[], options: ClientConfig = {}) {
    this.#addresses = addresses;
    this.#pools = addresses.map((address) => {
      const config = { ...clientConfig(address), ...options, types: valueTypes };
      const pool = new pg.Pool({ ...config, max: READERS, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true });
      // A connection that ends is no news: whoever waits for an answer is told by it, and the next one is made when needed.
      pool.on('error', () => undefined);
      pool.on('connect', (client) => client.on('error', () => undefined));
      return pool;
    });
  }

  /** A connection out of the pool, to read with. */
  connect(): Promise<PoolClient> {
    return this.#firstOf(async (index) => {
      const client = await this.#pools[index]?.connect();
      if (!client) throw new Error('no such address');
      if (this.#asked.has(client)) return client;
      try {
        await mustBePrimary(client);
        this.#asked.add(client);
        return client;
      } catch (cause) {
        client.release(true);
        throw cause;
      }
    });
  }

  /** A connection of one's own, to the primary. */
  dedicated(options: ClientConfig): Promise<Client> {
    return this.#firstOf(async (index) => {
      const client = new pg.Client({ ...clientConfig(this.#addresses[index] ?? ''), ...options, types: valueTypes });
      // Whoever waits for an answer is told by that answer; a connection that ends while idle is seen at its next use.
      client.on('error', () => undefined);
      try {
        await client.connect();
        await mustBePrimary(client);
        return client;
      } catch (cause) {
        void client.end().catch(() => undefined);
        throw cause;
      }
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.end()));
  }

  /** Tries the address that worked last, then the others. */
  async #firstOf<T>(attempt: (index: number) => Promise<T>): Promise<T> {
    const count = this.#addresses.length;
    let failure: unknown;
    for (let step = 0; step < count; step += 1) {
      const index = (this.#last + step) % count;
      try {
        const found = await attempt(index);
        this.#last = index;
        return found;
      } catch (cause) {
        if (!isPassing(cause)) throw cause;
        failure ??= cause;
      }
    }
    throw failure;
  }
}
