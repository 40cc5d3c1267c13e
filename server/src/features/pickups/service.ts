import { formatPickupCode } from '@tessera/shared/credentials/pickup-code';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import type { BookState } from '@tessera/shared/redemption/books';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { enqueue } from '../../platform/outbox/outbox.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { Kiosks } from '../kiosks/index.ts';
import {
  formatGrant,
  problemOf,
  unseen,
  type Bookkeeper,
  type MembersPort,
  type OfferedReward,
  type RedemptionRow,
  type Redemptions,
  type RewardsPort,
} from '../redemptions/index.ts';
import { isOffered } from '../rewards/index.ts';
import type { Stock } from '../stock/index.ts';
import * as store from './store.ts';
import type { PickupRow } from './store.ts';

export interface OrderRequest {
  readonly memberId: string;
  readonly kioskId: string;
  readonly rewardId: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface Order {
  readonly redemption: RedemptionRow;
  readonly pickup: PickupRow;
}

export interface PickupsOptions {
  readonly bookkeeper: Bookkeeper;
  readonly redemptions: Redemptions;
  readonly stock: Stock;
  readonly kiosks: Kiosks;
  readonly members: MembersPort;
  readonly rewards: RewardsPort;
  readonly keys: ServerKeys;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly timeouts: Timeouts;
}

/** States in which nothing of an order has happened at the kiosk yet, as far as anyone knows. */
const waiting = (state: RedemptionRow['state']): boolean => state === 'held' || state === 'held_overdue';

/** An order may wait so long: kiosks keep what they were granted for 90 days, to tell a restored server. */
const LONGEST_MS = 90 * 24 * 3_600_000;

function wrongExpiry(expiresAt: number, nowMs: number): string | undefined {
  if (expiresAt <= nowMs) return 'This time has passed.';
  return expiresAt > nowMs + LONGEST_MS ? 'An order waits for 90 days at most.' : undefined;
}

/** Orders that wait at a kiosk: points held, a unit reserved, and a signed code that opens it there without network, once. */
export class Pickups {
  readonly #options: PickupsOptions;

  constructor(options: PickupsOptions) {
    this.#options = options;
  }

  /** Orders a gift for pick-up: everything that authorise would check, and the code. */
  async order(tx: Tx, request: OrderRequest): Promise<Result<Order, Problem>> {
    const checked = await this.#checked(tx, request);
    if (!checked.ok) return checked;
    const { reward, slot } = checked.value;
    const { bookkeeper, chance, keys } = this.#options;
    const { memberId, kioskId, rewardId, expiresAt } = request;
    const redemptionId = newUlid({ nowMs: () => tx.at }, chance);
    const about = { redemptionId, kind: 'pickup', kioskId, memberId, rewardId, slot, price: reward.price } as const;
    const fresh: RedemptionRow = {
      ...unseen(redemptionId, kioskId, tx.at),
      kind: 'pickup',
      slot,
      reward_id: rewardId,
      member_id: memberId,
      price: reward.price,
      grant_text: formatGrant({ ...about, grantedAtMs: tx.at }, keys),
    };
    const held = await bookkeeper.apply(tx, fresh, 'authorise', {
      detail: { kind: 'pickup' },
      beneficiary: reward.ownerMerchantId,
      campaignId: reward.campaignId,
      ...(reward.perMemberLimit === null ? {} : { limit: reward.perMemberLimit }),
    });
    if (!held.ok) return err(problemOf(held.error));
    const code = this.#codeOf(redemptionId, request, reward.price);
    const pickup = {
      redemption_id: redemptionId,
      kiosk_id: kioskId,
      expires_at: expiresAt,
      code,
      ending: null,
      ending_at: null,
      ending_by: null,
    };
    await store.insertPickup(tx.db, pickup);
    await this.#tell(tx, held.value, 'pickup_ordered', { code, expiresAt });
    return ok({ redemption: held.value, pickup });
  }

  /** Withdraws an order. Its points go back when the kiosk has acknowledged that the code is void, not before. */
  async cancel(tx: Tx, redemptionId: string): Promise<Result<Order, Problem>> {
    const order = await this.find(tx.db, redemptionId);
    if (!order) return err(problem('not_found'));
    const { state } = order.redemption;
    if (!waiting(state)) return err(problem('conflict', { facts: { state } }));
    if (order.pickup.ending === null) await this.#end(tx, order.redemption, 'cancelled');
    const after = await this.find(tx.db, redemptionId);
    return after ? ok(after) : err(problem('not_found'));
  }

  /** The kiosk has journalled that the code of an order is void: only now its points go back. */
  async revoked(tx: Tx, kioskId: string, redemptionId: string): Promise<Result<{ state: BookState }, Problem>> {
    const order = await this.find(tx.db, redemptionId);
    if (order?.redemption.kiosk_id !== kioskId) return err(problem('not_found'));
    const { redemption, pickup } = order;
    if (pickup.ending === null && waiting(redemption.state)) {
      return err(problem('conflict', { detail: 'Nobody has withdrawn this order.' }));
    }
    const applied = await this.#options.bookkeeper.apply(tx, redemption, 'revoked');
    return applied.ok ? ok({ state: applied.value.state }) : err(problemOf(applied.error));
  }

  /** Ends orders whose code has been dead for the grace time; as a cancellation, it waits for the kiosk's word. */
  async expireDue(tx: Tx, redemptionIds: readonly string[]): Promise<void> {
    for (const redemptionId of redemptionIds) {
      const order = await this.find(tx.db, redemptionId);
      if (order) await this.#end(tx, order.redemption, 'expired');
    }
  }

  /** Orders that `expireDue` has to end now. */
  async due(db: Db, nowMs: number): Promise<string[]> {
    const rows = await store.pickupsExpiredBefore(db, nowMs - this.#options.timeouts.pickupGraceMs);
    return rows.map((row) => row.redemption_id);
  }

  async find(db: Db, redemptionId: string): Promise<Order | undefined> {
    const redemption = await this.#options.redemptions.find(db, redemptionId);
    const pickup = await store.pickupById(db, redemptionId);
    return redemption && pickup ? { redemption, pickup } : undefined;
  }

  /** What a kiosk must know of its orders: those withdrawn, and those whose living code was used or is in doubt. */
  async listsFor(db: Db, kioskId: string, at: number): Promise<{ revokedPickups: string[]; usedPickups: string[] }> {
    const withdrawn = await store.withdrawnOfKiosk(db, { kioskId });
    const used = await store.usedOfKiosk(db, { kioskId, at });
    return {
      revokedPickups: withdrawn.map((row) => row.redemption_id),
      usedPickups: used.map((row) => row.redemption_id),
    };
  }

  async #checked(tx: Tx, request: OrderRequest): Promise<Result<{ reward: OfferedReward; slot: number }, Problem>> {
    const { kiosks, members, rewards, stock } = this.#options;
    const kiosk = await kiosks.find(tx.db, request.kioskId);
    if (!kiosk) return err(problem('not_found'));
    if (kiosk.state !== 'enrolled') return err(problem('conflict', { facts: { kiosk: kiosk.state } }));
    const member = await members.find(tx.db, request.memberId);
    if (!member) return err(problem('not_found'));
    if (member.state !== 'active') return err(problem('member_suspended'));
    const wrong = wrongExpiry(request.expiresAt, tx.at);
    if (wrong !== undefined) return err(problem('invalid_fields', { fields: { '/expiresAt': wrong } }));
    const reward = await rewards.find(tx.db, request.rewardId);
    if (!reward || !isOffered(reward, tx.at)) return err(problem('reward_unavailable'));
    const slots = await stock.slots(tx.db, request.kioskId);
    const [best] = slots
      .filter((slot) => slot.reward_id === request.rewardId && slot.in_service === 1 && slot.on_hand > slot.reserved)
      .sort((a, b) => b.on_hand - b.reserved - (a.on_hand - a.reserved) || a.slot - b.slot);
    return best ? ok({ reward, slot: best.slot }) : err(problem('out_of_stock'));
  }

  #codeOf(redemptionId: string, { kioskId, rewardId, expiresAt }: OrderRequest, price: number): string {
    const { keyId, key } = this.#options.keys.current;
    return formatPickupCode({ keyId, kioskId, redemptionId, rewardId, price, expiresAtMs: expiresAt }, key);
  }

  async #end(tx: Tx, redemption: RedemptionRow, ending: 'cancelled' | 'expired'): Promise<void> {
    const { bookkeeper, kiosks, audit } = this.#options;
    const { redemption_id: redemptionId, kiosk_id: kioskId } = redemption;
    const ended = await store.endPickup(tx.db, { redemptionId, ending, at: tx.at, by: tx.actor });
    if (!ended || !waiting(redemption.state)) return;
    await bookkeeper.amend(tx, redemption, ending === 'cancelled' ? 'cancel_asked' : 'expired', {}, {});
    await audit.write(tx, `pickup.${ending}`, `redemption:${redemptionId}`);
    await kiosks.changed(tx, kioskId, 'stock');
    await this.#tell(tx, redemption, 'pickup_ended', {});
  }

  async #tell(
    tx: Tx,
    row: RedemptionRow,
    kind: 'pickup_ordered' | 'pickup_ended',
    more: Record<string, string | number>,
  ): Promise<void> {
    const { member_id: memberId, reward_id, kiosk_id, redemption_id: redemptionId, price: points } = row;
    if (memberId === null || reward_id === null) return;
    const reward = await this.#options.rewards.find(tx.db, reward_id);
    const kiosk = await this.#options.kiosks.find(tx.db, kiosk_id);
    const facts = {
      rewardName: JSON.stringify(reward?.name),
      kioskName: kiosk?.name ?? '',
      redemptionId,
      points,
      ...more,
    };
    await enqueue(tx, 'member_message', { memberId, kind, facts });
  }
}
