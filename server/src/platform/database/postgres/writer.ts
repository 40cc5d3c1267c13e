import { NothingKept, type Batch, type Database } from '../port.ts';
import { isLostConnection, isPassing, isStorageFailure, stateOf } from './failures.ts';
import { Lane } from './lane.ts';
import type { Primary } from './primary.ts';

/** The lock of whoever writes: `tessera` as a number. It ends with the transaction, also that of a process that died. */
const WRITER_LOCK = 0x7465_7373;
/** A batch that could not be made durable for so long is refused. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Nobody keeps the others waiting longer than this: not by a frozen process, nor by a lock. */
const SESSION = { idle_in_transaction_session_timeout: 10_000, lock_timeout: 10_000, pipeline: true };

interface WriterOptions {
  readonly primary: Primary;
  /** Names this writer in the database: its row tells which of its batches was committed last. */
  readonly name: string;
  /** ms that only rise. */
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** A statement failed that nobody had waited for: the batch runs again, waiting for each answer, to see whose it was. */
class LateFailure extends Error {}

/**
 * Batches on PostgreSQL. One batch at a time in the whole cluster: a command may read and then write as if it were alone, and
 * there is nothing to deadlock with. A batch leaves its number in its own transaction, so that after a COMMIT whose answer was
 * lost the database itself tells whether it was kept.
 */
export class Writer {
  readonly #options: WriterOptions;
  #lane: Lane | undefined;
  #number = 0;
  /** Commands use one connection: batches of one process follow each other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  readonly transact: Database['transact'] = (work) => {
    const turn = this.#turn.then(() => this.#transact(work));
    this.#turn = turn.catch(() => undefined);
    return turn;
  };

  async close(): Promise<void> {
    await this.#turn;
    this.#lane?.end();
  }

  async #transact(work: (batch: Batch) => Promise<void>): Promise<void> {
    const { nowMs, pause } = this.#options;
    const until = nowMs() + PATIENCE_MS;
    let waitsForAll = false;
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        await this.#attempt(work, waitsForAll);
        return;
      } catch (cause) {
        if (cause instanceof LateFailure && !waitsForAll) {
          waitsForAll = true;
          continue;
        }
        if (isStorageFailure(cause) && !isPassing(cause)) throw new NothingKept(cause);
        if (!isPassing(cause)) throw cause;
        if (nowMs() >= until) throw new NothingKept(cause);
      }
      await pause(pauseMs);
    }
  }

  /** @throws where the transaction surely was undone */
  async #attempt(work: (batch: Batch) => Promise<void>, waitsForAll: boolean): Promise<void> {
    const lane = await this.#connected();
    const number = (this.#number += 1);
    try {
      lane.begin(waitsForAll);
      await lane.hot('begin');
      await lane.hot(`select pg_advisory_xact_lock(${String(WRITER_LOCK)})`);
      await work(batchOn(lane));
      await lane.hot(NOTE, [this.#options.name, number]);
      await lane.settled();
    } catch (cause) {
      if (!lane.lost) await lane.tagOf('rollback').catch(() => undefined);
      throw lane.late !== undefined && !isPassing(lane.late) ? new LateFailure('A statement failed', { cause }) : cause;
    }
    await this.#commit(lane, number);
  }

  async #commit(lane: Lane, number: number): Promise<void> {
    let tag: string;
    try {
      tag = await lane.tagOf('commit');
    } catch (cause) {
      // What the server itself refuses to commit, it has undone.
      if (!isLostConnection(cause) && /^(23|40)/.test(stateOf(cause))) throw cause;
      lane.end();
      if (await this.#wasKept(number)) return;
      throw Object.assign(new Error('The COMMIT did not reach the disk', { cause }), { code: '40001' });
    }
    if (tag !== 'COMMIT') throw new LateFailure(`COMMIT was answered ${tag}`);
  }

  /**
   * Asks until it is known. Whoever still works on the old COMMIT holds the writer's lock: once we have it, the matter is
   * settled either way. A restarted or promoted server says what it has kept.
   */
  async #wasKept(number: number): Promise<boolean> {
    const { name, pause } = this.#options;
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const lane = await this.#connected();
        lane.begin(true);
        await lane.hot('begin');
        await lane.hot(`select pg_advisory_xact_lock(${String(WRITER_LOCK)})`);
        const [row] = (await lane.hot(LAST_NOTE, [name])) as { batch: number }[];
        await lane.hot('rollback');
        return row?.batch === number;
      } catch (cause) {
        this.#lane?.end();
        if (!isPassing(cause)) throw cause;
        await pause(pauseMs);
      }
    }
  }

  async #connected(): Promise<Lane> {
    if (this.#lane && !this.#lane.lost) return this.#lane;
    const lane = new Lane(await this.#options.primary.dedicated(SESSION));
    this.#lane = lane;
    await mustBeDurable(lane);
    return lane;
  }
}

const NOTE = `insert into writers (writer, batch, at) values ($1, $2, extract(epoch from now()) * 1000)
  on conflict (writer) do update set batch = excluded.batch, at = excluded.at`;
const LAST_NOTE = `select batch from writers where writer = $1`;

/** An acknowledged commit has to be on a disk. */
async function mustBeDurable(lane: Lane): Promise<void> {
  const [found] = (await lane.hot(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
  )) as { fsync: string; commit: string }[];
  if (found?.fsync !== 'on') throw new Error('PostgreSQL runs with fsync=off: it would lose what was acknowledged.');
  if (found.commit === 'off') await lane.hot('set synchronous_commit = on');
}

const batchOn = (lane: Lane): Batch => ({
  db: lane.db,
  mark: () => lane.hot('savepoint command'),
  keep: () => lane.hot('release savepoint command'),
  undo: () => lane.hot('rollback to savepoint command'),
  judge: (cause) => {
    if (lane.lost || lane.late !== undefined || isPassing(cause)) return 'whole';
    return isStorageFailure(cause) ? 'storage' : 'bug';
  },
});
