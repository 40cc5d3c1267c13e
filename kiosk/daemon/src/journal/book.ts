import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Evidence } from '@tessera/shared/protocol/kiosk-parts';
import { advance } from '@tessera/shared/machine';
import { assert } from '@tessera/shared/result';
import { vend, type VendState } from '@tessera/shared/redemption/vend';
import type { JournalRecord, Order, VendRecord } from './records.ts';

/** A redemption whose end the server has not acknowledged. */
export type OpenRedemption = {
  readonly id: string;
  readonly state: VendState;
  readonly order: Order | null;
  readonly evidence: Evidence | null;
  /** Ended because the server withdrew the pick-up. */
  readonly revoked: boolean;
};

export type Variance = KioskRequest<'variance'>;

/** Where a web order's code is used up: a drop is possible, or it was withdrawn. All other ends come after one of these. */
const usedFrom: ReadonlySet<VendState> = new Set(['vending', 'abandoned']);

const endedStates: ReadonlySet<VendState> = new Set(['dropped', 'not_dropped', 'unknown', 'abandoned']);

/**
 * What the journal says, held in memory: only what is open, what must be reported, and the codes that are used up.
 * It changes by synced records alone.
 */
export class JournalBook {
  epoch = '';
  usedKnown = false;
  readonly open = new Map<string, OpenRedemption>();
  readonly used = new Set<string>();
  /** What the server has not acknowledged, in the order in which it happened: ended redemptions (null) and variances. */
  readonly reports = new Map<string, Variance | null>();
  /** Energisings in a row that ended with the daemon's death, by slot. */
  readonly crashes = new Map<number, number>();

  /** The state of an id; a used pick-up code is `closed`. */
  stateOf(id: string): VendState {
    return this.open.get(id)?.state ?? (this.used.has(id) ? 'closed' : 'none');
  }

  /** True where nothing is open and nothing waits to be reported. */
  get idle(): boolean {
    return this.open.size === 0 && this.reports.size === 0;
  }

  /** Takes one record. Answers what is wrong where the record cannot follow what went before. */
  apply(record: JournalRecord): string | undefined {
    switch (record.kind) {
      case 'base':
        this.epoch = record.epoch;
        this.usedKnown = record.usedKnown;
        for (const [slot, count] of Object.entries(record.crashes)) this.crashes.set(Number(slot), count);
        return undefined;
      case 'vend':
        return this.#applyVend(record);
      case 'variance':
        this.reports.set(record.report.eventId, record.report);
        return undefined;
      case 'variance_sent':
        this.reports.delete(record.eventId);
        return undefined;
      case 'used':
        for (const id of record.ids) this.used.add(id);
        this.usedKnown ||= record.complete;
        return undefined;
      case 'grant':
        return undefined;
      case 'damage':
        this.#applyDamage();
        return undefined;
    }
  }

  #applyVend(record: VendRecord): string | undefined {
    const { id, to, event } = record;
    const before = this.open.get(id);
    const step = advance(vend, this.stateOf(id), event);
    if (!step.ok) return step.error;
    if (step.value.to !== to) return 'impossible_step';
    const order = record.order ?? before?.order ?? null;
    // All that follows reads the slot from it. A withdrawal may come for an order that this kiosk has never seen.
    if (!order && (event === 'request' || event === 'accept_code')) return 'order_missing';
    const evidence = record.evidence ?? before?.evidence ?? null;
    const revoked = event === 'revoke' || (before?.revoked ?? false);
    if (order) this.#countCrashes(record, order.slot);
    this.#put({ id, state: to, order, evidence, revoked });
    return undefined;
  }

  #put(redemption: OpenRedemption): void {
    const { id, state, order, revoked } = redemption;
    const isOrderOfTheWeb = revoked || order?.via === 'pickup';
    if (isOrderOfTheWeb && usedFrom.has(state)) this.used.add(id);
    if (state === 'none' || state === 'closed') {
      this.open.delete(id);
      this.reports.delete(id);
      return;
    }
    this.open.set(id, redemption);
    if (endedStates.has(state)) this.reports.set(id, null);
  }

  #countCrashes({ event, to }: VendRecord, slot: number): void {
    if (event === 'restart' && to === 'unknown') this.crashes.set(slot, (this.crashes.get(slot) ?? 0) + 1);
    if (to === 'dropped' || event === 'lost_sight' || event === 'proved_absent') this.crashes.delete(slot);
  }

  /** A lost record may have been `vending` of anything that was one step before it. */
  #applyDamage(): void {
    for (const redemption of this.open.values()) {
      if (redemption.state !== 'authorised' && redemption.state !== 'accepted') continue;
      assert(redemption.order !== null, 'an authorised redemption has an order');
      this.open.set(redemption.id, { ...redemption, state: 'vending' });
      if (redemption.order.via === 'pickup') this.used.add(redemption.id);
    }
  }
}
