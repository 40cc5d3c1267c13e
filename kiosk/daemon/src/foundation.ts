import type { KeyObject } from 'node:crypto';
import type { DaemonDependencies } from './dependencies.ts';
import type { Journal } from './journal/journal.ts';
import type { Hit } from './platform/failpoints.ts';
import type { JsonStore } from './store/json-store.ts';
import type { PictureCache } from './store/pictures.ts';
import type { ConfigData, KioskData } from './store/stores.ts';

/** What a working daemon stands on: files that were opened and found whole. */
export type Foundation = {
  readonly deps: DaemonDependencies;
  readonly hit: Hit;
  /** Logs and ends the process. */
  readonly fatal: (error: unknown) => void;
  readonly journal: Journal;
  readonly kiosk: JsonStore<KioskData>;
  readonly config: JsonStore<ConfigData>;
  readonly pictures: PictureCache;
  readonly identity: { readonly kioskId: string; readonly key: KeyObject };
};
