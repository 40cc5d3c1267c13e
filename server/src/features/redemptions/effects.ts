import { problem, type Problem } from '@tessera/shared/problem';
import type { BookEffect } from '@tessera/shared/redemption/books';
import { assert, err, ok, unreachable, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { enqueue, type MemberMessageKind } from '../../platform/outbox/outbox.ts';
import type { Kiosks } from '../kiosks/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Stock } from '../stock/index.ts';
import type { EventContext } from './context.ts';
import type { CampaignsPort, RewardsPort } from './ports.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

/** A redemption before and after the event whose effect is performed. */
interface Change {
  readonly before: RedemptionRow;
  readonly after: RedemptionRow;
  readonly context: EventContext;
}

/** A redemption that holds something: every part of it is known. */
interface Held {
  readonly redemptionId: string;
  readonly kioskId: string;
  readonly slot: number;
  readonly rewardId: string;
  readonly memberId: string;
  readonly points: number;
}

interface EffectParts {
  readonly ledger: Ledger;
  readonly stock: Stock;
  readonly kiosks: Kiosks;
  readonly rewards: RewardsPort;
  readonly campaigns: CampaignsPort;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** What the books' effects do to points, stock, limits and people. */
export class Effects {
  readonly #parts: EffectParts;

  constructor(parts: EffectParts) {
    this.#parts = parts;
  }

  /** Performs one effect. Only `hold` can be refused; whatever else fails is a bug. */
  async perform(tx: Tx, effect: Exclude<BookEffect, 'discrepancy'>, change: Change): Promise<Result<void, Problem>> {
    switch (effect) {
      case 'hold':
        return this.#hold(tx, change);
      case 'capture':
        await this.#capture(tx, change);
        return ok(undefined);
      case 'release':
        await this.#release(tx, change);
        return ok(undefined);
      case 'doubt':
        await this.#doubt(tx, change);
        return ok(undefined);
      case 'tell_captured':
        await this.#tell(tx, change, 'redemption_captured');
        return ok(undefined);
      case 'tell_released':
        await this.#tell(tx, change, 'redemption_released');
        return ok(undefined);
      default:
        return unreachable(effect);
    }
  }

  /** Limit, unit, points: each a conditional statement. Nothing is kept where one fails: the command is undone. */
  async #hold(tx: Tx, { after, context }: Change): Promise<Result<void, Problem>> {
    const held = heldBy(after);
    const { kioskId, slot, rewardId, memberId } = held;
    const force = context.force ?? false;
    const limit = context.limit ?? NO_LIMIT;
    const [use] = await store.useReward(tx.db, { memberId, rewardId, limit });
    if (!use) return err(problem('limit_reached', { facts: { limit } }));
    const counted = await this.#count(tx, held, context);
    if (!counted.ok) return counted;
    if (force) await this.#parts.stock.reserveAnyway(tx, { kioskId, slot });
    else if (!(await this.#parts.stock.reserve(tx, { kioskId, slot }, rewardId))) return err(problem('out_of_stock'));
    await this.#parts.kiosks.changed(tx, kioskId, after.kind === 'pickup' ? 'stock' : 'quiet');
    const points = await this.#parts.ledger.hold(
      tx,
      {
        holdId: held.redemptionId,
        memberId,
        points: held.points,
        purpose: 'redemption',
        beneficiary: context.beneficiary ?? null,
      },
      force,
    );
    return points.ok
      ? ok(undefined)
      : err(problem('insufficient_points', { facts: { missing: points.error.missing } }));
  }

  /** Within its campaign's limits; what has happened already counts whatever they say. */
  async #count(tx: Tx, held: Held, { campaignId, force }: EventContext): Promise<Result<void, Problem>> {
    if (campaignId === undefined || campaignId === null) return ok(undefined);
    const { campaigns } = this.#parts;
    const taking = { campaignId, memberId: held.memberId, holdId: held.redemptionId, points: held.points };
    if (force !== true) return campaigns.take(tx, taking);
    await campaigns.takeAnyway(tx, taking);
    return ok(undefined);
  }

  /** The kiosk turns another slot than the one that was reserved: what may be in doubt is there. */
  async moveReservation(tx: Tx, before: RedemptionRow, after: RedemptionRow): Promise<void> {
    const from = heldBy(before);
    const to = heldBy(after);
    await this.#parts.stock.unreserve(tx, from, false);
    await this.#parts.stock.reserveAnyway(tx, to);
  }

  async #capture(tx: Tx, { before, after, context }: Change): Promise<void> {
    const held = heldBy(after);
    const { kioskId, redemptionId } = held;
    await this.#parts.ledger.capture(tx, { holdId: redemptionId, memberId: held.memberId });
    const reserved = { kioskId, slot: held.slot };
    const fell = { kioskId, slot: context.slot ?? held.slot };
    await this.#parts.stock.drop(tx, fell, { reserved, wasInDoubt: before.state === 'in_doubt', redemptionId });
  }

  async #release(tx: Tx, { before, after }: Change): Promise<void> {
    const held = heldBy(after);
    await this.#parts.ledger.release(tx, { holdId: held.redemptionId, memberId: held.memberId });
    await store.giveBackUse(tx.db, held);
    await this.#parts.campaigns.giveBack(tx, { memberId: held.memberId, holdId: held.redemptionId });
    await this.#parts.stock.unreserve(tx, held, before.state === 'in_doubt');
  }

  async #doubt(tx: Tx, change: Change): Promise<void> {
    await this.#parts.stock.doubt(tx, heldBy(change.after), change.context.evidence?.reason === 'restarted');
    await this.#tell(tx, change, 'redemption_in_doubt');
  }

  async #tell(tx: Tx, { after }: Change, kind: MemberMessageKind): Promise<void> {
    const { memberId, rewardId, kioskId, redemptionId, points } = heldBy(after);
    const reward = await this.#parts.rewards.find(tx.db, rewardId);
    const kiosk = await this.#parts.kiosks.find(tx.db, kioskId);
    const facts = { rewardName: JSON.stringify(reward?.name), kioskName: kiosk?.name ?? '', redemptionId, points };
    await enqueue(tx, 'member_message', { memberId, kind, facts });
  }
}

/** The parts of a redemption that every open one has. */
function heldBy(row: RedemptionRow): Held {
  const { redemption_id, kiosk_id, slot, reward_id, member_id, price } = row;
  assert(
    slot !== null && reward_id !== null && member_id !== null,
    'an open redemption knows its slot, gift and member',
  );
  return {
    redemptionId: redemption_id,
    kioskId: kiosk_id,
    slot,
    rewardId: reward_id,
    memberId: member_id,
    points: price,
  };
}
