import type { Commands } from '../../platform/commands/commands.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Payments } from './service.ts';

const MINUTE_MS = 60_000;
const AT_ONCE = 50;

/** Gives back, once a minute, what tills hold and have forgotten. */
export const paymentJobs = (commands: Commands, payments: Payments): Job[] => [
  {
    name: 'void-stale-payments',
    everyMs: MINUTE_MS,
    run: async (actor) => {
      for (;;) {
        const voided = await runForJob(commands, 'payments.void_stale', actor, (tx) => payments.voidStale(tx, AT_ONCE));
        if (voided < AT_ONCE) return;
      }
    },
  },
];
