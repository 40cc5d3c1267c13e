import type { Server } from '@tessera/server/app';

type Job = Server['jobs'][number];

/** The server's own jobs, each at its turn by the traveller's clock, one after the other: so the same seed gives the same run. */
export class Errands {
  readonly #jobs: readonly Job[];
  readonly #next = new Map<string, number>();
  readonly #woken = new Set<string>();
  /** How often any of them had its turn. */
  turns = 0;

  constructor({ jobs, foundation }: Server, nowMs: number) {
    this.#jobs = jobs;
    for (const job of jobs) this.#next.set(job.name, nowMs + job.everyMs);
    foundation.commands.onWake((name) => {
      this.#woken.add(name);
    });
  }

  /** Runs all whose turn has come, and what they wake, until nothing is left. */
  async runDue(nowMs: number): Promise<void> {
    for (const job of this.#jobs) if ((this.#next.get(job.name) ?? 0) <= nowMs) this.#woken.add(job.name);
    while (this.#woken.size > 0) {
      for (const job of this.#jobs) {
        if (!this.#woken.delete(job.name)) continue;
        this.#next.set(job.name, nowMs + job.everyMs);
        this.turns += 1;
        await job.run(`job:${job.name}`);
      }
    }
  }
}
