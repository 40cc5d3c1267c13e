import { problem, type Problem } from '@tessera/shared/problem';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { MovementKind, VarianceKind } from '../../platform/database/schema/kiosks.ts';
import type { Kiosks } from '../kiosks/index.ts';
import * as store from './store.ts';
import type { SlotKey, SlotRow } from './store.ts';

export type { SlotKey, SlotRow } from './store.ts';

/** A physical event that belongs to no redemption. `eventId` makes it idempotent. */
export interface VarianceReport {
  readonly eventId: string;
  readonly kioskId: string;
  readonly slot: number | null;
  readonly kind: VarianceKind;
  readonly units: number;
  readonly reason: string;
  readonly redemptionId: string | null;
}

interface Movement {
  readonly kind: MovementKind;
  readonly change: number;
  readonly reason: string;
  readonly redemptionId?: string;
}

/** Restarts while energised, on one slot, after which it needs a person. */
const BROWNOUTS_ALLOWED = 1;

/** Units in slots. Every change of `on_hand` is a movement with its reason and its actor. */
export class Stock {
  readonly #kiosks: Kiosks;
  readonly #audit: Audit;

  constructor(kiosks: Kiosks, audit: Audit) {
    this.#kiosks = kiosks;
    this.#audit = audit;
  }

  async slots(db: Db, kioskId: string): Promise<SlotRow[]> {
    return store.slotsOfKiosk(db, { kioskId });
  }

  async slot(db: Db, key: SlotKey): Promise<SlotRow | undefined> {
    return (await store.slotByKey(db, key))[0];
  }

  /** Empty slots, numbered from 1, for a new kiosk. */
  async addSlots(tx: Tx, kioskId: string, count: number): Promise<void> {
    for (let slot = 1; slot <= count; slot += 1) await this.#addSlot(tx, { kioskId, slot });
  }

  /** Says what stands where. A slot that still has units, or holds one, keeps its reward until it has been emptied. */
  async setPlanogram(
    tx: Tx,
    kioskId: string,
    slots: readonly { slot: number; rewardId: string | null; capacity: number }[],
  ): Promise<Result<SlotRow[], Problem>> {
    const kiosk = await this.#kiosks.find(tx.db, kioskId);
    if (!kiosk) return err(problem('not_found'));
    for (const [index, { slot, rewardId, capacity }] of slots.entries()) {
      const key = { kioskId, slot };
      if (rewardId !== null && (await store.rewardById(tx.db, { rewardId })).length === 0) {
        const pointer = `/slots/${String(index)}/rewardId`;
        return err(problem('invalid_fields', { fields: { [pointer]: 'There is no such reward.' } }));
      }
      const before = (await this.slot(tx.db, key)) ?? (await this.#addSlot(tx, key));
      if (before.reward_id !== rewardId && before.on_hand + before.reserved > 0) {
        return err(problem('conflict', { fields: { [`/slots/${String(index)}`]: 'Empty this slot first.' } }));
      }
      await store.updateSlot(tx.db, key, { reward_id: rewardId, capacity });
    }
    await this.#kiosks.changed(tx, kioskId, 'planogram');
    const version = kiosk.planogram_version + 1;
    const text = JSON.stringify(slots);
    await store.insertPlanogram(tx.db, { kiosk_id: kioskId, version, at: tx.at, actor: tx.actor, slots: text });
    await this.#audit.write(tx, 'stock.planogram_set', `kiosk:${kioskId}`, { version, slots: text });
    return ok(await this.slots(tx.db, kioskId));
  }

  /** A reward's price, words or picture changed: every kiosk that shows it must know, and what it shows is stale. */
  async rewardChanged(tx: Tx, rewardId: string): Promise<void> {
    for (const { kiosk_id } of await store.kiosksWithReward(tx.db, rewardId)) {
      await this.#kiosks.changed(tx, kiosk_id, 'planogram');
    }
  }

  /** Puts units into a slot, up to its capacity. */
  async load(tx: Tx, key: SlotKey, quantity: number, reason: string): Promise<Result<SlotRow, Problem>> {
    const slot = await this.slot(tx.db, key);
    if (!slot) return err(problem('not_found'));
    const room = slot.capacity - slot.on_hand;
    if (slot.reward_id === null || quantity > room) {
      return err(problem('conflict', { detail: 'There is no room for so many.', facts: { room } }));
    }
    return ok(await this.#staffMoved(tx, key, { kind: 'load', change: quantity, reason }));
  }

  /** Takes units out, or books units that were found, with a reason. */
  async adjust(tx: Tx, key: SlotKey, change: number, reason: string): Promise<Result<SlotRow, Problem>> {
    const slot = await this.slot(tx.db, key);
    if (!slot) return err(problem('not_found'));
    if (slot.on_hand - slot.in_doubt + change < 0) {
      return err(problem('conflict', { detail: 'There are not so many.', facts: { onHand: slot.on_hand } }));
    }
    return ok(await this.#staffMoved(tx, key, { kind: change < 0 ? 'remove' : 'variance', change, reason }));
  }

  /** Staff take a slot out of service, or return it: not while something on it is in doubt. */
  async setService(tx: Tx, key: SlotKey, inService: boolean, reason: string): Promise<Result<SlotRow, Problem>> {
    const slot = await this.slot(tx.db, key);
    if (!slot) return err(problem('not_found'));
    if (inService && slot.in_doubt > 0) {
      return err(problem('conflict', { detail: 'Something here is in doubt.', facts: { inDoubt: slot.in_doubt } }));
    }
    if (inService) await this.#open(tx, { ...slot, brownouts: 0 });
    else await store.updateSlot(tx.db, key, { in_service: 0, out_reason: 'staff' });
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
    await this.#audit.write(tx, 'stock.service_set', subject(key), { inService, reason });
    return ok(await this.#mustHave(tx.db, key));
  }

  /** Reserves one unit where there is one; false where there is none. */
  async reserve(tx: Tx, key: SlotKey, rewardId: string): Promise<boolean> {
    return (await store.reserveUnit(tx.db, { ...key, rewardId })).length === 1;
  }

  /** Reserves for what has already happened (a replayed grant), whether the books have a unit or not. */
  async reserveAnyway(tx: Tx, key: SlotKey): Promise<void> {
    await this.#move(tx, key, { reserved: 1 });
  }

  /** Gives a reserved unit back. */
  async unreserve(tx: Tx, key: SlotKey, wasInDoubt: boolean): Promise<void> {
    await this.#move(tx, key, { reserved: -1, inDoubt: wasInDoubt ? -1 : 0 });
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
  }

  /** A reserved unit may or may not have fallen: the slot serves nobody until that is known. */
  async doubt(tx: Tx, key: SlotKey, brownout: boolean): Promise<void> {
    const slot = await this.#move(tx, key, { inDoubt: 1 });
    const brownouts = slot.brownouts + (brownout ? 1 : 0);
    if (brownout) await store.updateSlot(tx.db, key, { brownouts });
    if (brownouts > BROWNOUTS_ALLOWED) {
      await store.updateSlot(tx.db, key, { in_service: 0, out_reason: 'brownouts' });
    } else {
      await store.closeSlot(tx.db, { ...key, reason: 'in_doubt' });
    }
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
  }

  /** A unit fell for a redemption, out of `key`; `reserved` is where its unit was reserved, which a pick-up may differ from. */
  async drop(
    tx: Tx,
    key: SlotKey,
    about: { reserved: SlotKey; wasInDoubt: boolean; redemptionId: string },
  ): Promise<void> {
    const { reserved, redemptionId } = about;
    const inDoubt = about.wasInDoubt ? -1 : 0;
    const movement = { kind: 'drop', reason: 'redemption', redemptionId } as const;
    const [slot] = reserved.slot === key.slot ? await store.dropReserved(tx.db, { ...key, inDoubt }) : [];
    if (slot) await this.#note(tx, slot, { ...movement, change: -1 });
    else {
      await this.#move(tx, reserved, { reserved: -1, inDoubt });
      await this.#fall(tx, key, movement);
    }
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
  }

  /** Units fell that nobody paid for: written off, and the slot is out of service. */
  async writeOffFallen(tx: Tx, key: SlotKey, units: number, reason: string, redemptionId?: string): Promise<void> {
    for (let unit = 0; unit < units; unit += 1) {
      await this.#fall(tx, key, { kind: 'write_off', reason, ...(redemptionId === undefined ? {} : { redemptionId }) });
    }
    await this.closeSlot(tx, key, reason);
  }

  /** Books a unit that two staff found to be there after all. */
  async bookFound(tx: Tx, key: SlotKey, reason: string, redemptionId: string): Promise<void> {
    await this.#book(tx, key, { kind: 'variance', change: 1, reason, redemptionId });
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
  }

  /** Takes a slot out of service for a reason of the machine's; the first reason stays. */
  async closeSlot(tx: Tx, key: SlotKey, reason: string): Promise<void> {
    await store.closeSlot(tx.db, { ...key, reason });
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
  }

  /** Remembers a physical event once; false where it is known already. */
  async recordVariance(tx: Tx, report: VarianceReport): Promise<boolean> {
    const row = await store.insertVariance(tx.db, {
      event_id: report.eventId,
      kiosk_id: report.kioskId,
      slot: report.slot,
      kind: report.kind,
      units: report.units,
      reason: report.reason,
      redemption_id: report.redemptionId,
      at: tx.at,
    });
    if (!row) return false;
    await this.#audit.write(tx, `variance.${report.kind}`, `kiosk:${report.kioskId}`, {
      slot: report.slot,
      units: report.units,
      reason: report.reason,
      redemptionId: report.redemptionId,
    });
    return true;
  }

  /** How many extra drops the kiosk has reported for a redemption. */
  async extraDropReports(db: Db, redemptionId: string): Promise<number> {
    return store.extraDropReports(db, redemptionId);
  }

  /** What disturbed the slot since its last count that proved something; undefined where nothing did. */
  async disturbance(db: Db, key: SlotKey): Promise<{ kind: VarianceKind; at: number } | undefined> {
    const last = await store.lastConclusiveCount(db, key);
    return store.disturbanceSince(db, key, last?.variance_seq ?? 0);
  }

  /**
   * Units of the slot's reward at its kiosk that are reserved and not in doubt: one may have fallen and not be reported yet,
   * out of this slot too, because a pick-up is vended out of whichever slot has its reward.
   */
  async underWay(db: Db, slot: SlotRow): Promise<number> {
    const slots = await store.slotsOfKiosk(db, { kioskId: slot.kiosk_id });
    return slots
      .filter(({ reward_id: rewardId }) => rewardId === slot.reward_id)
      .reduce((sum, { reserved, in_doubt: inDoubt }) => sum + reserved - inDoubt, 0);
  }

  /**
   * Writes down a blind count after its doubts were settled. The difference that is left becomes a variance, and a slot on
   * which nothing is in doubt any more returns to service; a count that proves nothing changes nothing.
   */
  async recordCount(
    tx: Tx,
    key: SlotKey,
    count: {
      countId: string;
      counted: number;
      expected: number;
      /** False where a vend may be under way: nothing is booked then. */
      proves: boolean;
      settled?: 'none_fell' | 'all_fell';
    },
  ): Promise<'agrees' | 'difference' | 'none_fell' | 'all_fell' | 'not_conclusive'> {
    const slot = await this.#mustHave(tx.db, key);
    const proves = count.proves && slot.in_doubt === 0;
    const difference = proves ? count.counted - slot.on_hand : 0;
    if (difference !== 0) await this.#countDifference(tx, key, count.countId, difference);
    const plain = difference === 0 ? 'agrees' : 'difference';
    const verdict = proves ? (count.settled ?? plain) : 'not_conclusive';
    const movementId = await this.#book(tx, key, { kind: 'count', change: 0, reason: verdict });
    await store.insertCount(tx.db, {
      count_id: count.countId,
      kiosk_id: key.kioskId,
      slot: key.slot,
      counted: count.counted,
      expected: count.expected,
      in_doubt: slot.in_doubt,
      verdict,
      movement_id: movementId,
      variance_seq: await store.lastVarianceSeq(tx.db),
      actor: tx.actor,
      at: tx.at,
    });
    const needsPerson = slot.out_reason === 'staff' || slot.out_reason === 'brownouts';
    if (proves && slot.in_service === 0 && !needsPerson) await this.#open(tx, slot);
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
    const { counted, expected } = count;
    await this.#audit.write(tx, 'stock.counted', subject(key), { counted, expected, verdict });
    return verdict;
  }

  async movements(db: Db, filter: Parameters<typeof store.movements>[1]) {
    return store.movements(db, filter);
  }

  async variances(db: Db, filter: Parameters<typeof store.variances>[1]) {
    return store.variances(db, filter);
  }

  async #countDifference(tx: Tx, key: SlotKey, countId: string, difference: number): Promise<void> {
    await this.#book(tx, key, { kind: 'variance', change: difference, reason: 'count' });
    await this.recordVariance(tx, {
      eventId: countId,
      ...key,
      kind: 'count_difference',
      units: difference,
      reason: 'count',
      redemptionId: null,
    });
  }

  async #staffMoved(tx: Tx, key: SlotKey, movement: Movement): Promise<SlotRow> {
    await this.#book(tx, key, movement);
    await this.#kiosks.changed(tx, key.kioskId, 'stock');
    const { kind, change, reason } = movement;
    await this.#audit.write(tx, `stock.${kind}`, subject(key), { change, reason });
    return this.#mustHave(tx.db, key);
  }

  /** One unit less. Where the books say there is none, they were wrong: the unit is found first, then it falls. */
  async #fall(tx: Tx, key: SlotKey, movement: Omit<Movement, 'change'>): Promise<void> {
    const slot = await this.#mustHave(tx.db, key);
    if (slot.on_hand === 0)
      await this.#book(tx, key, { ...movement, kind: 'variance', change: 1, reason: 'not booked' });
    await this.#book(tx, key, { ...movement, change: -1 });
  }

  async #book(tx: Tx, key: SlotKey, movement: Movement): Promise<number> {
    return this.#note(tx, await this.#move(tx, key, { onHand: movement.change }), movement);
  }

  /** Writes a movement down that has been made; `slot` as it is since. */
  async #note(tx: Tx, slot: SlotRow, { kind, change, reason, redemptionId = null }: MovementInput): Promise<number> {
    const [row] = await store.insertMovement(tx.db, {
      kiosk_id: slot.kiosk_id,
      slot: slot.slot,
      reward_id: slot.reward_id,
      kind,
      change,
      on_hand_after: slot.on_hand,
      redemption_id: redemptionId,
      reason,
      actor: tx.actor,
      at: tx.at,
    });
    assert(row !== undefined, 'a movement was written');
    return row.movement_id;
  }

  async #move(tx: Tx, key: SlotKey, by: { onHand?: number; reserved?: number; inDoubt?: number }): Promise<SlotRow> {
    const { onHand = 0, reserved = 0, inDoubt = 0 } = by;
    const [slot] = await store.moveUnits(tx.db, { ...key, onHand, reserved, inDoubt });
    assert(slot !== undefined, 'the slot exists');
    return slot;
  }

  async #open(tx: Tx, slot: SlotRow): Promise<void> {
    const { brownouts, service_epoch } = slot;
    const change = { in_service: 1, out_reason: null, brownouts, service_epoch: service_epoch + 1 };
    await store.updateSlot(tx.db, { kioskId: slot.kiosk_id, slot: slot.slot }, change);
  }

  async #mustHave(db: Db, key: SlotKey): Promise<SlotRow> {
    const slot = await this.slot(db, key);
    assert(slot !== undefined, 'the slot exists');
    return slot;
  }

  async #addSlot(tx: Tx, key: SlotKey): Promise<SlotRow> {
    const empty = { on_hand: 0, reserved: 0, in_doubt: 0, capacity: 0, service_epoch: 0, brownouts: 0 };
    const row: SlotRow = {
      kiosk_id: key.kioskId,
      slot: key.slot,
      reward_id: null,
      in_service: 1,
      out_reason: null,
      ...empty,
    };
    await store.insertSlot(tx.db, row);
    return row;
  }
}

type MovementInput = Omit<Movement, 'redemptionId'> & { readonly redemptionId?: string | null };

const subject = (key: SlotKey): string => `slot:${key.kioskId}/${String(key.slot)}`;
