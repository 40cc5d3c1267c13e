import type { Commands } from '../../platform/commands/commands.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Ledger } from './service.ts';

const HOUR_MS = 3_600_000;
/** Lots a command: others wait for the writer no longer than that takes. */
const LOTS_AT_ONCE = 200;

/** Expires lots once an hour. Until then nobody can burn them: burning looks at the expiry itself. */
export const ledgerJobs = (commands: Commands, ledger: Ledger): Job[] => [
  {
    name: 'expire-points',
    everyMs: HOUR_MS,
    run: async (actor) => {
      for (;;) {
        const expired = await runForJob(commands, 'ledger.expire', actor, (tx) => ledger.expire(tx, LOTS_AT_ONCE));
        if (expired < LOTS_AT_ONCE) return;
      }
    },
  },
];
