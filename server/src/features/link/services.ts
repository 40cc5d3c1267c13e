import type { Chance, Clock, Failpoints, Scheduler } from '@tessera/shared/ports';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Log } from '../../platform/events/log.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { Identity } from '../identity/index.ts';
import type { KioskSignals, Kiosks } from '../kiosks/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import type { Pickups } from '../pickups/index.ts';
import type { Authoriser, Reconciler, Redemptions, Replayer, Reports } from '../redemptions/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Stock } from '../stock/index.ts';
import type { KioskConfigs } from './config.ts';

/** Everything behind the kiosks' door. */
export interface LinkServices {
  readonly database: Pick<Database, 'alone'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly failpoints: Failpoints;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly timeouts: Timeouts;
  readonly audit: Audit;
  readonly commands: Commands;
  readonly signals: KioskSignals;
  readonly ledgerEpoch: string;
  readonly kiosks: Kiosks;
  readonly configs: KioskConfigs;
  readonly identity: Pick<Identity, 'examine' | 'claim'>;
  readonly members: Pick<Members, 'view'>;
  readonly ledger: Ledger;
  readonly sessions: Sessions;
  readonly stock: Stock;
  readonly authoriser: Authoriser;
  readonly reports: Reports;
  readonly pickups: Pickups;
  readonly reconciler: Reconciler;
  readonly redemptions: Redemptions;
  readonly replayer: Replayer;
}
