import type { Clock, Failpoints } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, type Result } from '@tessera/shared/result';
import { CompiledQuery } from 'kysely';
import type { AuditLine } from '../audit/line.ts';
import type { Database, Db } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { reach } from '../failpoints.ts';
import type { Actor } from './actor.ts';

/** What a command works with. Everything it writes commits, or is undone, together. */
export interface Tx {
  readonly db: Db;
  /** The time of this command, ms since the epoch. */
  readonly at: number;
  readonly actor: Actor;
  /** Runs after the commit and after the answer; never if the command was refused. For pushes and signals only. */
  afterCommit(run: () => void): void;
  /** Adds a line to the audit chain; it commits, or vanishes, with the command. */
  record(line: AuditLine): void;
  /** Gives a job its turn right after the commit instead of at its next interval. */
  wake(job: string): void;
}

export type Refused<T> = Result<T, Problem>;

/** One command. */
export interface Command<T> {
  readonly name: string;
  readonly actor: Actor;
  /** An `err` undoes all that the command wrote. Awaits the database only: no network, no timers, no hashing of passwords. */
  readonly work: (tx: Tx) => Promise<Refused<T>>;
  /** Writes what must be kept of a refusal (a stored answer, a throttle count, an audit line), after the undo. */
  readonly onRefusal?: (tx: Tx, refusal: Problem) => Promise<void>;
}

export interface CommandsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  /** Starts a batch a little later, so that what arrived together commits together: setImmediate, or queueMicrotask in the simulation. */
  readonly defer: (run: () => void) => void;
  /** Called where a COMMIT failed: nobody was answered and the process must end. */
  readonly fatal: (cause: unknown) => void;
  /** Writes the audit lines of a batch, chained, just before its COMMIT. */
  readonly seal: (db: Db, lines: readonly AuditLine[]) => Promise<void>;
  /** Tells metrics and log of each batch. */
  readonly observe?: (batch: { commands: number; refused: number; tookMs: number }) => void;
}

interface Waiting {
  readonly run: (db: Db) => Promise<void>;
  /** Answers the caller; called after the commit. */
  readonly answer: () => void;
  readonly reject: (cause: unknown) => void;
  readonly refuse: (refusal: Problem) => void;
  readonly afterCommit: (() => void)[];
  readonly audit: AuditLine[];
  refused: boolean;
}

const BATCH = 64;
const QUEUE = 2048;
const RETRY_AFTER_MS = 1000;

/**
 * Group commit: commands that arrive together share one transaction, each in its savepoint, and are answered after
 * the shared COMMIT. A refusal undoes its own savepoint only.
 */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #queue: Waiting[] = [];
  #wake: (job: string) => void = () => undefined;
  #running = false;
  #ended = false;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Commands that wait for a batch. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Says who gives jobs their turn when a command asks for it. */
  onWake(wake: (job: string) => void): void {
    this.#wake = wake;
  }

  /** Queues a command. Resolves after its batch is on disk; rejects only for a bug in `work`. */
  run<T>(command: Command<T>): Promise<Refused<T>> {
    if (this.#ended) return Promise.resolve(err(problem('unavailable')));
    if (this.#queue.length >= QUEUE) {
      return Promise.resolve(err(problem('overloaded', { retryAfterMs: RETRY_AFTER_MS })));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push(this.#waiting(command, resolve, reject));
      if (this.#running) return;
      this.#running = true;
      this.#options.defer(() => void this.#drain());
    });
  }

  /** Waits until nothing is queued or running, then refuses all that comes. */
  async close(): Promise<void> {
    while (this.#running) await new Promise<void>((resolve) => this.#options.defer(resolve));
    this.#ended = true;
  }

  #waiting<T>(command: Command<T>, resolve: (value: Refused<T>) => void, reject: (cause: unknown) => void): Waiting {
    let answer: Refused<T> = err(problem('unavailable'));
    const waiting: Waiting = {
      afterCommit: [],
      audit: [],
      refused: false,
      answer: () => resolve(answer),
      refuse: (refusal) => resolve(err(refusal)),
      reject,
      run: async (db) => {
        const { clock } = this.#options;
        const afterCommit = (hook: () => void): void => {
          waiting.afterCommit.push(hook);
        };
        const tx: Tx = {
          db,
          at: clock.nowMs(),
          actor: command.actor,
          afterCommit,
          record: (line) => {
            waiting.audit.push(line);
          },
          wake: (job) => {
            afterCommit(() => {
              this.#wake(job);
            });
          },
        };
        answer = await command.work(tx);
        if (answer.ok) return;
        waiting.afterCommit.length = 0;
        waiting.audit.length = 0;
        waiting.refused = true;
        await rollbackTo(db, {});
        await command.onRefusal?.(tx, answer.error);
      },
    };
    return waiting;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#ended) {
      const batch = this.#queue.splice(0, BATCH);
      try {
        await this.#options.database.alone((db) => this.#batch(db, batch));
      } catch (cause) {
        // The transaction could not even begin, or SQLite ended it by itself (full disk): nothing of it was kept.
        for (const waiting of batch) waiting.refuse(problem('unavailable'));
        if (!isStorageFailure(cause)) this.#fail(cause);
      }
    }
    this.#running = false;
  }

  async #batch(db: Db, batch: readonly Waiting[]): Promise<void> {
    const { clock, observe } = this.#options;
    const startedMs = clock.monotonicMs();
    const done: Waiting[] = [];
    await begin(db, {});
    for (const waiting of batch) if (await this.#one(db, waiting)) done.push(waiting);
    if (!(await this.#commit(db, done))) return;
    for (const waiting of done) waiting.answer();
    for (const waiting of done) for (const run of waiting.afterCommit) run();
    observe?.({
      commands: batch.length,
      refused: done.filter((each) => each.refused).length,
      tookMs: clock.monotonicMs() - startedMs,
    });
  }

  /** False where it failed: then nobody is answered and the process ends, because nobody knows what is on the disk. */
  async #commit(db: Db, done: readonly Waiting[]): Promise<boolean> {
    const { failpoints, seal } = this.#options;
    try {
      const lines = done.flatMap((waiting) => waiting.audit);
      if (lines.length > 0) await seal(db, lines);
      reach(failpoints, 'server.commit.before');
      await commit(db, {});
      reach(failpoints, 'server.commit.after');
      return true;
    } catch (cause) {
      this.#fail(cause);
      return false;
    }
  }

  #fail(cause: unknown): void {
    this.#ended = true;
    this.#options.fatal(cause);
  }

  /** Runs one command in its savepoint; false where it threw (its caller was told, its writes are undone). */
  async #one(db: Db, waiting: Waiting): Promise<boolean> {
    try {
      await savepoint(db, {});
      await waiting.run(db);
      await release(db, {});
      return true;
    } catch (cause) {
      if (isStorageFailure(cause)) waiting.refuse(problem('unavailable'));
      else waiting.reject(cause);
      // On a full disk SQLite undoes the whole transaction by itself: the batch has nothing left to stand on.
      if (!this.#options.database.inTransaction()) throw cause;
      await rollbackTo(db, {});
      await release(db, {});
      return false;
    }
  }
}

const fixed = (text: string) => statement(() => ({ compile: () => CompiledQuery.raw(text) }));
const begin = fixed('begin immediate');
const commit = fixed('commit');
const savepoint = fixed('savepoint command');
const release = fixed('release command');
const rollbackTo = fixed('rollback to command');

/** The disk is full or broken: new work is refused, what is stored stays. */
function isStorageFailure(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^SQLITE_(FULL|IOERR|READONLY|CORRUPT|NOTADB)/.test(code);
}
