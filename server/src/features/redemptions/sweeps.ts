import type { BookEvent } from '@tessera/shared/redemption/books';
import { assert } from '@tessera/shared/result';
import type { Commands, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import * as store from './store.ts';

interface SweepOptions {
  readonly commands: Commands;
  readonly db: Db;
  readonly bookkeeper: Bookkeeper;
  readonly nowMs: () => number;
  readonly timeouts: Timeouts;
}

/** Silence makes overdue, a day of it makes doubt. Nothing is ever released by a timer. */
export const redemptionJobs = (options: SweepOptions): Job[] => {
  const { commands, db, bookkeeper, nowMs, timeouts } = options;

  const applyTo = async (tx: Tx, ids: readonly { redemption_id: string }[], event: BookEvent) => {
    for (const { redemption_id: redemptionId } of ids) {
      const [row] = await store.redemptionById(tx.db, { redemptionId });
      assert(row !== undefined, 'a redemption is never deleted');
      // It may have moved on since it was listed: then the table refuses, and nothing is to be done.
      const applied = await bookkeeper.apply(tx, row, event);
      if (!applied.ok && 'problem' in applied.error) throw new Error(applied.error.problem.code);
    }
  };

  const sweep = (
    name: string,
    everyMs: number,
    event: BookEvent,
    due: () => Promise<readonly { redemption_id: string }[]>,
  ): Job => ({
    name,
    everyMs,
    run: async (actor) => {
      const rows = await due();
      if (rows.length === 0) return;
      await runForJob(commands, name, actor, (tx) => applyTo(tx, rows, event));
    },
  });

  return [
    sweep('overdue', timeouts.sweepMs, 'silence', () => store.silent(db, { at: nowMs() })),
    sweep('doubt', timeouts.sweepMs * 12, 'doubt_due', () =>
      store.overdueSince(db, { before: nowMs() - timeouts.doubtAfterMs }),
    ),
  ];
};
