import type { Notification } from 'pg';
import { sql } from 'kysely';
import type { Neighbours } from '../neighbours.ts';
import { statement } from '../statement.ts';
import { Line } from './line.ts';
import type { Primary } from './primary.ts';

const CHANNEL = 'tessera';
/** Names the lock of a mark. */
const KEY = 'hashtextextended($1, 0)';

const notify = statement((db, p: { text: string }) =>
  db.selectNoFrom(sql`pg_notify(${CHANNEL}, ${p.text})`.as('said')),
);

interface NoticesOptions {
  readonly primary: Primary;
  /** Names this process: nobody hears what they said themselves. */
  readonly name: string;
  readonly pause: (ms: number) => Promise<void>;
}

/** Words by LISTEN and NOTIFY, marks by advisory locks: both end with the process that has them, however it ends. */
export class Notices implements Neighbours {
  readonly #name: string;
  readonly #line: Line;
  readonly #opened: Promise<void>;
  readonly #hearers: { hear: (word: string) => void; missed: () => void }[] = [];

  constructor({ primary, name, pause }: NoticesOptions) {
    this.#name = name;
    this.#line = new Line({
      primary,
      pause,
      prepare: async (client) => {
        client.on('notification', (notice) => {
          this.#heard(notice);
        });
        await client.query(`listen ${CHANNEL}`);
      },
      restored: () => {
        for (const { missed } of this.#hearers) missed();
      },
    });
    this.#opened = this.#line.open();
  }

  async say(db: Parameters<Neighbours['say']>[0], word: string): Promise<void> {
    await notify(db, { text: `${this.#name} ${word}` });
  }

  listen(hear: (word: string) => void, missed: () => void): void {
    this.#hearers.push({ hear, missed });
  }

  /** @throws where nobody can be asked just now */
  async take(mark: string): Promise<boolean> {
    await this.#opened;
    if (!this.#line.client) throw new Error('The connection to PostgreSQL is down');
    const { rows } = await this.#line.client.query<{ taken: boolean }>({
      name: 'take',
      text: `select pg_try_advisory_lock(${KEY}) as taken`,
      values: [mark],
    });
    return rows[0]?.taken === true;
  }

  /** What a lost connection held is free by itself. */
  async drop(mark: string): Promise<void> {
    const query = { name: 'drop', text: `select pg_advisory_unlock(${KEY})`, values: [mark] };
    await this.#line.client?.query(query).catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  #heard({ payload = '' }: Notification): void {
    const space = payload.indexOf(' ');
    if (payload.slice(0, space) === this.#name) return;
    for (const { hear } of this.#hearers) hear(payload.slice(space + 1));
  }
}
