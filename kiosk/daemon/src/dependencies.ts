import type { Dispenser, Reader } from '@tessera/hardware/ports';
import type { Chance, Clock, Failpoints, Scheduler } from '@tessera/shared/ports';
import type { Prefs } from '@tessera/shared/protocol/ui';
import type { Transport } from './link/transport.ts';
import type { Disk } from './platform/disk.ts';
import type { Log } from './platform/log-events.ts';
import type { Metrics } from './platform/metrics.ts';
import type { Timeouts } from './platform/timeouts.ts';
import type { SessionController } from './session/controller.ts';
import type { FetchPicture, PictureCache } from './store/pictures.ts';

/** All that a daemon uses of the world. Production, tests and the simulation differ in nothing else. */
export type DaemonDependencies = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly failpoints: Failpoints;
  readonly disk: Disk;
  readonly transport: Transport;
  readonly dispenser: Dispenser;
  readonly readers: { readonly scanner: Reader; readonly card: Reader };
  readonly fetchPicture: FetchPicture;
  readonly timeouts: Timeouts;
  /** Language and looks of the screen while nobody has chosen others. */
  readonly prefs: Prefs;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The journal is compacted only above this size. */
  readonly compactAboveBytes: number;
  /** Below this much free disk nothing new is promised. */
  readonly diskReserveBytes: number;
  /** Ends the process at once: a failed sync or a bug. Nothing may be answered after it. */
  readonly fatal: (error: unknown) => void;
};

/** A running daemon as the gateway, the tests and the simulation see it. */
export interface Daemon {
  readonly controller: SessionController;
  readonly pictures: Pick<PictureCache, 'read'>;
  /** Settles what was open, then serves. Resolves when the screen tells the truth. */
  start(): Promise<void>;
  /** Lets a running redemption end, then closes everything. */
  stop(): Promise<void>;
}
