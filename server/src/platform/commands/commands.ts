import type { Clock, Failpoints } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, type Result } from '@tessera/shared/result';
import type { AuditLine } from '../audit/line.ts';
import { NothingKept, type Batch, type Database, type Db } from '../database/port.ts';
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
  /**
   * An `err` undoes all that the command wrote. Awaits the database only: no network, no timers, no hashing of passwords.
   * May run more than once before it is answered: the database may undo a batch through nobody's fault.
   */
  readonly work: (tx: Tx) => Promise<Refused<T>>;
  /** Writes what must be kept of a refusal (a stored answer, a throttle count, an audit line), after the undo. */
  readonly onRefusal?: (tx: Tx, refusal: Problem) => Promise<void>;
}

export interface CommandsOptions {
  readonly database: Pick<Database, 'transact'>;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  /** Starts a batch a little later, so that what arrived together commits together: setImmediate, or queueMicrotask in the simulation. */
  readonly defer: (run: () => void) => void;
  /** Called where nobody knows what is on the disk: nobody was answered and the process must end. */
  readonly fatal: (cause: unknown) => void;
  /** Writes the audit lines of a batch, chained, just before its COMMIT. */
  readonly seal: (db: Db, lines: readonly AuditLine[]) => Promise<void>;
  /** Tells metrics and log of each batch. */
  readonly observe?: (batch: { commands: number; refused: number; tookMs: number }) => void;
}

interface Waiting {
  /** Does the command's work from a clean slate; whatever an earlier run of it left is forgotten. */
  readonly run: (batch: Batch) => Promise<void>;
  /** Answers the caller; called after the commit. */
  readonly answer: () => void;
  /** Nothing of the batch was kept: says so. */
  readonly refuse: () => void;
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
  #running: Promise<void> | undefined;
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
      this.#running ??= new Promise((drained) => {
        this.#options.defer(() => {
          void this.#drain().then(drained);
        });
      });
    });
  }

  /** Waits until nothing is queued or running, then refuses all that comes. */
  async close(): Promise<void> {
    while (this.#running) await this.#running;
    this.#ended = true;
  }

  #waiting<T>(command: Command<T>, resolve: (value: Refused<T>) => void, reject: (cause: unknown) => void): Waiting {
    let answer = (): void => undefined;
    const reset = (): void => {
      waiting.afterCommit.length = 0;
      waiting.audit.length = 0;
      waiting.refused = false;
    };
    const refuse = (): void => resolve(err(problem('unavailable')));
    const waiting: Waiting = {
      afterCommit: [],
      audit: [],
      refused: false,
      answer: () => answer(),
      refuse,
      run: async (batch) => {
        reset();
        try {
          await batch.mark();
          const result = await this.#work(command, waiting, batch, reset);
          await batch.keep();
          answer = () => resolve(result);
        } catch (cause) {
          const judged = batch.judge(cause);
          if (judged === 'whole') throw cause;
          reset();
          answer = judged === 'storage' ? refuse : () => reject(cause);
          await batch.undo();
          await batch.keep();
        }
      },
    };
    return waiting;
  }

  async #work<T>(command: Command<T>, waiting: Waiting, batch: Batch, reset: () => void): Promise<Refused<T>> {
    const afterCommit = (hook: () => void): void => {
      waiting.afterCommit.push(hook);
    };
    const tx: Tx = {
      db: batch.db,
      at: this.#options.clock.nowMs(),
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
    const result = await command.work(tx);
    if (result.ok) return result;
    reset();
    waiting.refused = true;
    await batch.undo();
    await command.onRefusal?.(tx, result.error);
    return result;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#ended) {
      const batch = this.#queue.splice(0, BATCH);
      try {
        await this.#batch(batch);
      } catch (cause) {
        if (cause instanceof NothingKept) for (const waiting of batch) waiting.refuse();
        // Nobody is answered, because nobody knows what is on the disk.
        else this.#fail(cause);
      }
    }
    this.#running = undefined;
  }

  async #batch(batch: readonly Waiting[]): Promise<void> {
    const { clock, observe, database, failpoints, seal } = this.#options;
    const startedMs = clock.monotonicMs();
    await database.transact(async (transaction) => {
      for (const waiting of batch) await waiting.run(transaction);
      const lines = batch.flatMap((waiting) => waiting.audit);
      if (lines.length > 0) await seal(transaction.db, lines);
      reach(failpoints, 'server.commit.before');
    });
    reach(failpoints, 'server.commit.after');
    for (const waiting of batch) waiting.answer();
    for (const waiting of batch) for (const run of waiting.afterCommit) run();
    observe?.({
      commands: batch.length,
      refused: batch.filter((each) => each.refused).length,
      tookMs: clock.monotonicMs() - startedMs,
    });
  }

  #fail(cause: unknown): void {
    this.#ended = true;
    this.#options.fatal(cause);
  }
}
