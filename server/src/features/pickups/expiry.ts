import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Pickups } from './service.ts';

const MINUTE_MS = 60_000;

/** Looks once a minute for orders whose time is over. */
export const pickupJobs = (parts: { commands: Commands; db: Db; pickups: Pickups; nowMs: () => number }): Job[] => [
  {
    name: 'expire-pickups',
    everyMs: MINUTE_MS,
    run: async (actor) => {
      const due = await parts.pickups.due(parts.db, parts.nowMs());
      if (due.length === 0) return;
      await runForJob(parts.commands, 'pickups.expire', actor, (tx) => parts.pickups.expireDue(tx, due));
    },
  },
];
