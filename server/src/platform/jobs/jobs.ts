import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import type { Actor } from '../commands/actor.ts';
import type { Db } from '../database/database.ts';

/** Work that comes back. `run` may be called again after a crash in the middle: it must bear that. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (actor: Actor) => Promise<void>;
}

export interface JobsOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Names this process, so that several servers on one database run a job once. */
  readonly owner: string;
  /** Told of a job that threw; it runs again at its next turn. */
  readonly onFailure: (job: string, cause: unknown) => void;
}

const LEASE_MS = 60_000;

/** Runs each job at its interval, in one process at a time, never beside itself. Driven by the injected scheduler alone. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs: readonly Job[];
  readonly #cancels = new Map<string, Cancel>();
  #running: Promise<void>[] = [];
  #stopped = true;

  constructor(options: JobsOptions, jobs: readonly Job[]) {
    this.#options = options;
    this.#jobs = jobs;
  }

  /** Plans every job for its first turn, one interval from now. */
  start(): void {
    this.#stopped = false;
    for (const job of this.#jobs) this.#plan(job);
  }

  /** Plans nothing more and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
    await Promise.all(this.#running);
  }

  #plan(job: Job): void {
    if (this.#stopped) return;
    const turn = () => {
      const run = this.#turn(job).finally(() => {
        this.#running = this.#running.filter((each) => each !== run);
        this.#plan(job);
      });
      this.#running.push(run);
    };
    this.#cancels.set(job.name, this.#options.scheduler.after(job.everyMs, turn));
  }

  async #turn(job: Job): Promise<void> {
    try {
      if (!(await this.#lease(job))) return;
      await job.run(`job:${job.name}`);
      await this.#finish(job, null);
    } catch (cause) {
      this.#options.onFailure(job.name, cause);
      await this.#finish(job, String(cause)).catch(() => undefined);
    }
  }

  async #lease(job: Job): Promise<boolean> {
    const { db, clock, owner } = this.#options;
    const now = clock.nowMs();
    const lease = { lease_owner: owner, lease_until: now + LEASE_MS };
    const won = await db
      .insertInto('jobs')
      .values({ name: job.name, ...lease, last_run_at: null, runs: 0, last_error: null })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet(lease)
          .where((eb) => eb.or([eb('jobs.lease_until', '<=', now), eb('jobs.lease_owner', '=', owner)])),
      )
      .returning('name')
      .executeTakeFirst();
    return won !== undefined;
  }

  async #finish(job: Job, error: string | null): Promise<void> {
    const { db, clock } = this.#options;
    await db
      .updateTable('jobs')
      .set((eb) => ({ lease_until: 0, last_run_at: clock.nowMs(), runs: eb('runs', '+', 1), last_error: error }))
      .where('name', '=', job.name)
      .execute();
  }
}
