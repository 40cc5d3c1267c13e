import { ok } from '@tessera/shared/result';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
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
      const work = async (tx: Parameters<Pickups['expireDue']>[0]) => ok(await parts.pickups.expireDue(tx, due));
      await parts.commands.run({ name: 'pickups.expire', actor, work });
    },
  },
];
