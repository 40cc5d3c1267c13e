import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { Actor } from '../commands/actor.ts';
import type { Leases } from './lease.ts';

/** Work that comes back. `run` may be called again after a crash in the middle: it must bear that. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (actor: Actor) => Promise<void>;
}

export interface JobsOptions {
  readonly leases: Leases;
  readonly scheduler: Scheduler;
  /** Told of a job that threw; it runs again at its next turn. */
  readonly onFailure: (job: string, cause: unknown) => void;
}

/** Runs each job at its interval, in one process at a time, never beside itself. Driven by the injected scheduler alone. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs: readonly Job[];
  readonly #cancels = new Map<string, Cancel>();
  readonly #running = new Set<Promise<void>>();
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

  /** Plans nothing more, waits for what runs, and gives the leases up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
    await Promise.all(this.#running);
    await this.#options.leases.releaseAll();
  }

  #plan(job: Job): void {
    if (this.#stopped) return;
    const turn = () => {
      const run = this.#turn(job).finally(() => {
        this.#running.delete(run);
        this.#plan(job);
      });
      this.#running.add(run);
    };
    this.#cancels.set(job.name, this.#options.scheduler.after(job.everyMs, turn));
  }

  async #turn(job: Job): Promise<void> {
    const { leases, onFailure } = this.#options;
    try {
      if (await leases.holds(job.name)) await job.run(`job:${job.name}`);
    } catch (cause) {
      onFailure(job.name, cause);
      await leases.failed(job.name, cause).catch(() => undefined);
    }
  }
}
