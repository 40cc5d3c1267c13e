import type { Clock } from '@tessera/shared/ports';
import type { KioskConfig, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import type { JournalBook } from '../journal/book.ts';
import type { Log } from '../platform/log-events.ts';
import type { JsonStore } from '../store/json-store.ts';
import type { ConfigData, KioskData } from '../store/stores.ts';

/** What the kiosk knows of its slots: the server's view, less what fell since, less what it took out of service itself. */
export class SlotKeeper {
  constructor(
    private readonly dependencies: {
      readonly kiosk: JsonStore<KioskData>;
      readonly config: JsonStore<ConfigData>;
      readonly book: JournalBook;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {}

  /** All slots as they can be promised from: a quarantined slot is not in service, an unreported drop is not on hand. */
  views(): readonly SlotView[] {
    const { config, kiosk, book } = this.dependencies;
    const out = new Set(kiosk.data.quarantine.map(({ slot }) => slot));
    const gone = new Map<number, number>();
    for (const { order, state } of book.open.values()) {
      const mayBeGone = state === 'vending' || state === 'dropped' || state === 'unknown';
      if (order && mayBeGone) gone.set(order.slot, (gone.get(order.slot) ?? 0) + 1);
    }
    return (config.data.config?.planogram.slots ?? []).map((view) => ({
      ...view,
      inService: view.inService && !out.has(view.slot),
      onHand: Math.max(0, view.onHand - (gone.get(view.slot) ?? 0)),
    }));
  }

  /** Slots that this kiosk took out of service, with the reason. */
  get quarantine(): KioskData['quarantine'] {
    return this.dependencies.kiosk.data.quarantine;
  }

  /** Takes a slot out of service until staff return it. Durable when it resolves. */
  async takeOut(slot: number, reason: string): Promise<void> {
    const { kiosk, config, clock, log } = this.dependencies;
    const view = config.data.config?.planogram.slots.find((each) => each.slot === slot);
    const serviceEpoch = view?.serviceEpoch ?? 0;
    const others = kiosk.data.quarantine.filter((each) => each.slot !== slot);
    log('slot_quarantined', { slot, reason });
    await kiosk.update({ quarantine: [...others, { slot, reason, serviceEpoch, atMs: clock.nowMs() }] });
  }

  /** Returns to service what staff have returned since: in service there, with a higher service epoch than when it was taken out. */
  async followStaff({ planogram }: KioskConfig): Promise<void> {
    const { kiosk, log } = this.dependencies;
    const isReturned = (slot: number, serviceEpoch: number): boolean => {
      const view = planogram.slots.find((each) => each.slot === slot);
      return view !== undefined && view.inService && view.serviceEpoch > serviceEpoch;
    };
    const stays = kiosk.data.quarantine.filter(({ slot, serviceEpoch }) => !isReturned(slot, serviceEpoch));
    if (stays.length === kiosk.data.quarantine.length) return;
    for (const { slot } of kiosk.data.quarantine) {
      if (!stays.some((each) => each.slot === slot)) log('slot_returned', { slot });
    }
    await kiosk.update({ quarantine: stays });
  }
}
