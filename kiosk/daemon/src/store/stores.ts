import * as z from 'zod/mini';
import { kioskIdSchema, slotSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { kioskConfigSchema, serverKeySchema } from '@tessera/shared/protocol/kiosk-parts';
import { JsonStore, type StoreDependencies } from './json-store.ts';

const quarantineSchema = z.object({
  slot: slotSchema,
  reason: z.string(),
  /** The slot's service epoch when it was taken out: a higher one means that staff have returned it. */
  serviceEpoch: z.int(),
  atMs: z.int(),
});

export const kioskSchema = z.object({
  /** Null until enrolled. The private key is in a file of its own. */
  kioskId: z.nullable(kioskIdSchema),
  serverKeys: z.array(serverKeySchema),
  /** Connections made so far; persisted before it is used. */
  counter: z.int(),
  ledgerEpoch: z.nullable(ulidSchema),
  /** The last time that the server told: a kiosk has no real-time clock. */
  lastServerTimeMs: z.int(),
  quarantine: z.array(quarantineSchema),
});
export type KioskData = z.infer<typeof kioskSchema>;

export const configSchema = z.object({ config: z.nullable(kioskConfigSchema) });
export type ConfigData = z.infer<typeof configSchema>;

/** What this kiosk is and has decided: identity, counters, quarantine. */
export const openKioskStore = (dependencies: StoreDependencies): Promise<JsonStore<KioskData>> =>
  JsonStore.open<KioskData>(dependencies, {
    name: 'kiosk.json',
    schema: kioskSchema,
    empty: { kioskId: null, serverKeys: [], counter: 0, ledgerEpoch: null, lastServerTimeMs: 0, quarantine: [] },
  });

/** What the server has told: planogram, rewards, keys. */
export const openConfigStore = (dependencies: StoreDependencies): Promise<JsonStore<ConfigData>> =>
  JsonStore.open<ConfigData>(dependencies, { name: 'config.json', schema: configSchema, empty: { config: null } });
