import type { Chance, Clock, Failpoints, Scheduler } from '@tessera/shared/ports';
import type { Audit } from '../platform/audit/audit.ts';
import type { Commands } from '../platform/commands/commands.ts';
import type { PasswordHasher } from '../platform/crypto/hasher.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/events/log.ts';
import type { Mailer } from '../platform/messaging/mailer.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';

/** What the world gives a server: in production the real things, in tests and the simulation their fakes. */
export interface World {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly failpoints: Failpoints;
  /** Starts a batch of commands a little later: setImmediate, or queueMicrotask in the simulation. */
  readonly defer: (run: () => void) => void;
  /** Nothing can be promised any more: ends the process. */
  readonly fatal: (cause: unknown) => void;
  readonly hasher: PasswordHasher;
  readonly mailer: Mailer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Shown at kiosks with failures and doubts: a telephone number or address. */
  readonly help: string;
}

/** What every capability may ask for. */
export interface Foundation extends World {
  readonly database: Database;
  readonly commands: Commands;
  readonly audit: Audit;
}
