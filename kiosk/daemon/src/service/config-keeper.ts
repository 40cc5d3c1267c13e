import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { KioskConfig } from '@tessera/shared/protocol/kiosk-parts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../platform/log-events.ts';
import type { JsonStore } from '../store/json-store.ts';
import type { PictureCache } from '../store/pictures.ts';
import type { ConfigData } from '../store/stores.ts';
import type { SlotKeeper } from './slot-keeper.ts';

export type ConfigKeeperDependencies = {
  readonly config: JsonStore<ConfigData>;
  readonly journal: Journal;
  readonly slots: SlotKeeper;
  readonly pictures: PictureCache;
  readonly scheduler: Scheduler;
  /** How long a new configuration may wait for its turn on the disk. */
  readonly saveAfterMs: number;
  readonly log: Log;
  readonly onChange: () => void;
  readonly fatal: (error: unknown) => void;
};

/** All of a configuration but the counts that every redemption changes. */
function lasting(config: KioskConfig | null): string {
  if (!config) return '';
  const slots = config.planogram.slots.map((slot) => ({ ...slot, onHand: 0, available: 0 }));
  return JSON.stringify({ ...config, planogram: { version: config.planogram.version, slots } });
}

/** Takes what the server pushes: stores it, withdraws orders, returns slots, and fetches pictures. */
export class ConfigKeeper {
  #saving: Cancel | null = null;

  constructor(private readonly deps: ConfigKeeperDependencies) {}

  get revision(): number {
    return this.deps.config.data.config?.planogram.revision ?? 0;
  }

  /** Takes the configuration of an answered hello: the server's word, also where it was restored to an older one. */
  async take(config: KioskConfig): Promise<void> {
    const { config: store, journal, slots, log, onChange } = this.deps;
    const onlyCounts = lasting(config) === lasting(store.data.config);
    store.set({ config });
    onChange();
    // Where only counts differ the disk is left to the journal; what else is new must outlive a crash.
    if (onlyCounts) this.#saveSoon();
    else await store.save();
    await Promise.all([this.#withdraw(config), slots.followStaff(config)]);
    await journal.noteUsed(config.usedPickups);
    log('config_taken', { revision: config.planogram.revision });
    onChange();
    this.#fetchPictures(config).catch(this.deps.fatal);
  }

  /** Writes now what still waits. */
  async stop(): Promise<void> {
    if (!this.#saving) return;
    this.#saving();
    await this.deps.config.save();
  }

  /**
   * Every hold brings new counts, in the very moment in which the journal needs the disk. Losing the newest in a crash
   * costs nothing: the next hello brings them again.
   */
  #saveSoon(): void {
    const { scheduler, saveAfterMs, config, fatal } = this.deps;
    this.#saving ??= scheduler.after(saveAfterMs, () => {
      this.#saving = null;
      config.save().catch(fatal);
    });
  }

  /** Takes a push; one that was overtaken by a newer configuration is dropped. */
  async takePush(config: KioskConfig): Promise<void> {
    if (config.planogram.revision >= this.revision) await this.take(config);
  }

  /** Orders that must not be handed out: each is journalled, and the outbox answers `revoked`. One that has dropped stays so. */
  async #withdraw({ revokedPickups }: KioskConfig): Promise<void> {
    // A refusal is fine: the order was withdrawn before, or its gift has been handed out and will be reported so.
    await Promise.all(revokedPickups.map((id) => this.deps.journal.step(id, 'revoke')));
  }

  async #fetchPictures({ rewards }: KioskConfig): Promise<void> {
    const paths = rewards.flatMap(({ picture }) => picture ?? []);
    if (await this.deps.pictures.sync(paths)) this.deps.onChange();
  }
}
