import type { Scheduler } from '@tessera/shared/ports';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import { calculate } from './calculation.ts';
import { CALCULATE, type SettlementRuns } from './runs.ts';

const MINUTE_MS = 60_000;

/** Calculates what was cut off: woken by the cutoff, and again after a restart. */
export const settlementJobs = (parts: {
  readonly commands: Commands;
  readonly db: Db;
  readonly runs: SettlementRuns;
  readonly keys: ServerKeys;
  readonly scheduler: Scheduler;
}): Job[] => [{ name: CALCULATE, everyMs: MINUTE_MS, run: (actor) => calculate(parts, actor) }];
