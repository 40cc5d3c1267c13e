import type { Commands, Tx } from '../../platform/commands/commands.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Ledger } from './service.ts';
import { warnOfExpiry } from './warnings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Lots a command: others wait for the writer no longer than that takes. */
const LOTS_AT_ONCE = 200;

/**
 * Makes pending points available once a minute, and expires lots and warns of it once an hour. Nobody can burn a lot whose
 * time is over before that: burning looks at the expiry itself.
 */
export const ledgerJobs = (commands: Commands, ledger: Ledger, expiryWarningMs: number): Job[] => {
  const job = (name: string, everyMs: number, step: (tx: Tx) => Promise<number>): Job => ({
    name,
    everyMs,
    run: async (actor) => {
      for (;;) {
        const done = await runForJob(commands, `ledger.${name}`, actor, step);
        if (done < LOTS_AT_ONCE) return;
      }
    },
  });
  return [
    job('vest-points', MINUTE_MS, async (tx) => (await ledger.vest(tx, LOTS_AT_ONCE)).lots),
    job('expire-points', HOUR_MS, (tx) => ledger.expire(tx, LOTS_AT_ONCE)),
    job('warn-of-expiry', HOUR_MS, (tx) => warnOfExpiry(tx, expiryWarningMs, LOTS_AT_ONCE)),
  ];
};
