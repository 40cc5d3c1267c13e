import type { Clock } from '@tessera/shared/ports';
import type { Db } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** How long a process may go silent before another one takes its jobs over. */
const LEASE_MS = 60_000;
/** A job that is called a thousand times a second is not asked about a thousand times. */
const BELIEVED_MS = 1_000;

interface Claim {
  readonly job: string;
  readonly owner: string;
  readonly until: number;
  readonly now: number;
}

/** Takes a job that nobody holds, or goes on holding it; no row where another process does. */
const claim = statement((db, p: Claim) =>
  db
    .insertInto('jobs')
    .values({
      name: p.job,
      lease_owner: p.owner,
      lease_until: p.until,
      last_run_at: null,
      runs: 0,
      last_error: null,
    })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({
          lease_owner: p.owner,
          lease_until: p.until,
          last_run_at: p.now,
          runs: eb('jobs.runs', '+', 1),
        }))
        .where((eb) => eb.or([eb('jobs.lease_until', '<=', p.now), eb('jobs.lease_owner', '=', p.owner)])),
    )
    .returning('name'),
);

/** This process's claim on jobs: one writes about it twice a minute, not at every turn. */
export class Leases {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #owner: string;
  readonly #until = new Map<string, number>();
  /** Jobs that another process has, and how long we believe so without asking again. */
  readonly #elsewhere = new Map<string, number>();

  constructor(db: Db, clock: Clock, owner: string) {
    this.#db = db;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** True while this process may run the job; claims or renews the lease where that is due. */
  async holds(job: string): Promise<boolean> {
    const now = this.#clock.nowMs();
    if (now < (this.#until.get(job) ?? 0) - LEASE_MS / 2) return true;
    if (now < (this.#elsewhere.get(job) ?? 0)) return false;
    const until = now + LEASE_MS;
    const [won] = await claim(this.#db, { job, owner: this.#owner, until, now });
    if (won) {
      this.#until.set(job, until);
    } else {
      this.#until.delete(job);
      this.#elsewhere.set(job, now + BELIEVED_MS);
    }
    return won !== undefined;
  }

  /** Lets other processes run the jobs at once. */
  async releaseAll(): Promise<void> {
    if (this.#until.size === 0) return;
    this.#until.clear();
    await this.#db.updateTable('jobs').set({ lease_until: 0 }).where('lease_owner', '=', this.#owner).execute();
  }

  async failed(job: string, cause: unknown): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({ last_error: String(cause) })
      .where('name', '=', job)
      .execute();
  }
}
