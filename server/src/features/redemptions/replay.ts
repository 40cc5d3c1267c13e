import { problem, type Problem } from '@tessera/shared/problem';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { BookEvent, BookState } from '@tessera/shared/redemption/books';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import type { Stock } from '../stock/index.ts';
import { problemOf, type Bookkeeper } from './bookkeeper.ts';
import { readGrant, type Grant } from './grant.ts';
import type { MembersPort, RewardsPort } from './ports.ts';
import { unseen } from './rows.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

interface ReplayOptions {
  readonly bookkeeper: Bookkeeper;
  readonly stock: Stock;
  readonly members: MembersPort;
  readonly rewards: RewardsPort;
  readonly keys: ServerKeys;
}

/**
 * After a restore the books have forgotten what came after the backup. The kiosk still has the grants that this server
 * signed, with their outcomes: they are booked again, whether points and stock are still there or not.
 */
export class Replayer {
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** Books a forgotten redemption; one that is known is told as it stands, after its outcome if that was forgotten. */
  async replay(
    tx: Tx,
    kioskId: string,
    request: KioskRequest<'replay_grant'>,
  ): Promise<Result<{ state: BookState }, Problem>> {
    const grant = readGrant(request.grant, this.#options.keys);
    if (grant?.kioskId !== kioskId) return err(problem('bad_signature'));
    const [known] = await store.redemptionById(tx.db, grant);
    const held = known ? ok(known) : await this.#hold(tx, grant);
    if (!held.ok) return held;
    const row = held.value;
    // What the books have heard an outcome of, or have ended, needs nothing from the past.
    if (request.outcome === null || row.outcome !== null || row.ended_at !== null) return ok({ state: row.state });
    return this.#apply(tx, row, request.outcome, request.slot);
  }

  async #hold(tx: Tx, grant: Grant): Promise<Result<RedemptionRow, Problem>> {
    const { bookkeeper, members, rewards, stock } = this.#options;
    const { redemptionId, kind, kioskId, memberId, rewardId, slot, price } = grant;
    const reward = await rewards.find(tx.db, rewardId);
    const known = (await members.find(tx.db, memberId)) && (await stock.slot(tx.db, { kioskId, slot }));
    if (!known || !reward)
      return err(problem('not_found', { detail: 'The member, gift or slot of this grant is not in the books.' }));
    const fresh: RedemptionRow = {
      ...unseen(redemptionId, kioskId, tx.at),
      kind,
      slot,
      price,
      member_id: memberId,
      reward_id: rewardId,
    };
    const held = await bookkeeper.apply(tx, fresh, 'authorise', {
      force: true,
      beneficiary: reward.ownerMerchantId,
      campaignId: reward.campaignId,
      detail: { replayed: true },
    });
    return held.ok ? held : err(problemOf(held.error));
  }

  async #apply(
    tx: Tx,
    row: RedemptionRow,
    outcome: Extract<BookEvent, 'dropped' | 'not_dropped' | 'unknown'>,
    slot: number,
  ): Promise<Result<{ state: BookState }, Problem>> {
    const there = await this.#options.stock.slot(tx.db, { kioskId: row.kiosk_id, slot });
    const context = { outcome, detail: { replayed: true }, ...(there ? { slot } : {}) };
    const applied = await this.#options.bookkeeper.apply(tx, row, outcome, context);
    return applied.ok ? ok({ state: applied.value.state }) : err(problemOf(applied.error));
  }
}
