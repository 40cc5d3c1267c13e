import type { Chance, Scheduler } from '@tessera/shared/ports';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { pause } from '../../platform/jobs/pause.ts';
import { isRolledUp, rollUp } from './balances.ts';
import { limitedMerchants, watchCredit } from './credit.ts';
import { chargeFees } from './fees.ts';

const HOUR_MS = 3_600_000;
/** How long a merchant may go on issuing after its limit is used up. */
const WATCH_EVERY_MS = 5_000;

interface JobParts {
  readonly commands: Commands;
  readonly db: Db;
  readonly scheduler: Scheduler;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Rolls balances up, watches limits, charges monthly fees. */
export const clearingJobs = ({ commands, db, scheduler, audit, chance }: JobParts): Job[] => [
  {
    name: 'clearing-balances',
    everyMs: WATCH_EVERY_MS,
    run: async (actor) => {
      while (!(await isRolledUp(db))) {
        await runForJob(commands, 'clearing.roll-up', actor, rollUp);
        await pause(scheduler);
      }
      for (const merchantId of await limitedMerchants(db)) {
        await runForJob(commands, 'clearing.watch-credit', actor, (tx) => watchCredit(tx, audit, merchantId));
      }
    },
  },
  {
    name: 'merchant-fees',
    everyMs: HOUR_MS,
    run: async (actor) => {
      await runForJob(commands, 'clearing.fees', actor, (tx) => chargeFees(tx, chance));
    },
  },
];
