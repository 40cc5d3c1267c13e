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
  /** Calls a job that was woken here and runs in another process. */
  readonly elsewhere: (job: string) => void;
}

/** Runs each job at its interval, in one process at a time, never beside itself. Driven by the injected scheduler alone. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs: readonly Job[];
  readonly #cancels = new Map<string, Cancel>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #woken = new Set<string>();
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
    await Promise.all(this.#running.values());
    await this.#options.leases.releaseAll();
  }

  /** Gives a job its turn now; one that is running gets another when it is done. */
  wake(name: string): void {
    this.#woken.add(name);
    this.called(name);
  }

  /** Another process has woken a job: it runs here, or there is a third one that hears the call. */
  called(name: string): void {
    const job = this.#jobs.find((each) => each.name === name);
    if (!job || this.#stopped) return;
    if (this.#running.has(name)) this.#again.add(name);
    else this.#plan(job, 0);
  }

  #plan(job: Job, delayMs = job.everyMs): void {
    if (this.#stopped) return;
    this.#cancels.get(job.name)?.();
    const start = () => {
      const run = this.#turn(job).finally(() => {
        this.#running.delete(job.name);
        this.#plan(job, this.#again.delete(job.name) ? 0 : job.everyMs);
      });
      this.#running.set(job.name, run);
    };
    this.#cancels.set(job.name, this.#options.scheduler.after(delayMs, start));
  }

  async #turn(job: Job): Promise<void> {
    const { leases, onFailure } = this.#options;
    try {
      const woken = this.#woken.delete(job.name);
      if (await leases.holds(job.name)) await job.run(`job:${job.name}`);
      else if (woken) this.#options.elsewhere(job.name);
    } catch (cause) {
      onFailure(job.name, cause);
      await leases.failed(job.name, cause).catch(() => undefined);
    }
  }
}
