import { problem, type Problem } from '@tessera/shared/problem';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { BookState } from '@tessera/shared/redemption/books';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { KioskRow } from '../kiosks/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { isOffered } from '../rewards/index.ts';
import type { Sessions, SessionRow } from '../sessions/index.ts';
import type { Stock } from '../stock/index.ts';
import { problemOf, type Bookkeeper } from './bookkeeper.ts';
import { formatGrant } from './grant.ts';
import type { CardsPort, MembersPort, OfferedReward, RewardsPort } from './ports.ts';
import { unseen } from './rows.ts';
import * as store from './store.ts';
import type { RedemptionRow } from './store.ts';

export type AuthoriseRequest = KioskRequest<'authorise'>;

export interface Authorised {
  readonly state: BookState;
  readonly vendByMs: number;
  readonly pointsAfter: number;
  readonly grant: string;
}

export interface AuthoriseOptions {
  readonly bookkeeper: Bookkeeper;
  readonly ledger: Ledger;
  readonly sessions: Sessions;
  readonly stock: Stock;
  readonly members: MembersPort;
  readonly cards: CardsPort;
  readonly rewards: RewardsPort;
  readonly keys: ServerKeys;
  readonly timeouts: Timeouts;
}

/** Holds points and reserves a unit for one redemption id, once: a refusal is final for its id, a repeat gets the present state. */
export class Authoriser {
  readonly #options: AuthoriseOptions;

  constructor(options: AuthoriseOptions) {
    this.#options = options;
  }

  /** Decides a new id, or tells how a known one stands. */
  async authorise(tx: Tx, kiosk: KioskRow, request: AuthoriseRequest): Promise<Result<Authorised, Problem>> {
    const [known] = await store.redemptionById(tx.db, request);
    if (known) return this.#again(tx, kiosk, known);
    const checked = await this.#checked(tx, kiosk, request);
    if (!checked.ok) return checked;
    const { session, reward } = checked.value;
    const { redemptionId, rewardId, slot, price } = request;
    const { member_id, session_id } = session;
    const about = { redemptionId, kind: 'walk_up', kioskId: kiosk.kiosk_id, memberId: member_id, rewardId } as const;
    const grant = formatGrant({ ...about, slot, price, grantedAtMs: tx.at }, this.#options.keys);
    const fresh: RedemptionRow = {
      ...unseen(redemptionId, kiosk.kiosk_id, tx.at),
      slot,
      price,
      session_id,
      member_id,
      reward_id: rewardId,
      grant_text: grant,
    };
    const held = await this.#options.bookkeeper.apply(tx, fresh, 'authorise', {
      beneficiary: reward.ownerMerchantId,
      campaignId: reward.campaignId,
      ...(reward.perMemberLimit === null ? {} : { limit: reward.perMemberLimit }),
    });
    return held.ok ? ok(await this.#answer(tx, held.value)) : err(problemOf(held.error));
  }

  /** Keeps a refusal for its id, for ever. Called in the same transaction, after the refused work was undone. */
  async keepRefusal(tx: Tx, kiosk: KioskRow, request: AuthoriseRequest, refusal: Problem): Promise<void> {
    const [known] = await store.redemptionById(tx.db, request);
    if (known) return;
    const tombstone = { ...unseen(request.redemptionId, kiosk.kiosk_id, tx.at), problem: JSON.stringify(refusal) };
    const kept = await this.#options.bookkeeper.apply(tx, tombstone, 'refuse', { detail: { code: refusal.code } });
    assert(kept.ok, 'an id that is not known can be refused');
  }

  async #again(tx: Tx, kiosk: KioskRow, known: RedemptionRow): Promise<Result<Authorised, Problem>> {
    if (known.kiosk_id !== kiosk.kiosk_id || known.state === 'refused' || known.kind === 'pickup') {
      const first = known.problem === null ? undefined : (JSON.parse(known.problem) as Problem);
      return err(first && known.kiosk_id === kiosk.kiosk_id ? first : problem('redemption_refused'));
    }
    const same = await this.#options.bookkeeper.apply(tx, known, 'authorise');
    return same.ok ? ok(await this.#answer(tx, same.value)) : err(problemOf(same.error));
  }

  /** All that can be said before anything is taken. */
  async #checked(
    tx: Tx,
    kiosk: KioskRow,
    request: AuthoriseRequest,
  ): Promise<Result<{ session: SessionRow; reward: OfferedReward }, Problem>> {
    const { sessions, members, cards, rewards, stock } = this.#options;
    const session = await sessions.requireOpen(tx, request.sessionId, kiosk.kiosk_id);
    if (!session.ok) return session;
    const { member_id, card_number } = session.value;
    const member = await members.find(tx.db, member_id);
    if (member?.state !== 'active') return err(problem('member_suspended'));
    if (card_number !== null && !(await cards.isActive(tx.db, card_number))) return err(problem('credential_refused'));
    const reward = await rewards.find(tx.db, request.rewardId);
    if (!reward || !isOffered(reward, tx.at)) return err(problem('reward_unavailable'));
    if (reward.price !== request.price) return err(problem('price_changed', { facts: { price: reward.price } }));
    const slot = await stock.slot(tx.db, { kioskId: kiosk.kiosk_id, slot: request.slot });
    if (kiosk.planogram_version !== request.planogramVersion || slot?.reward_id !== request.rewardId) {
      return err(problem('planogram_changed', { facts: { planogramVersion: kiosk.planogram_version } }));
    }
    return ok({ session: session.value, reward });
  }

  async #answer(tx: Tx, row: RedemptionRow): Promise<Authorised> {
    const { ledger, timeouts } = this.#options;
    const balances = row.member_id === null ? undefined : await ledger.balancesOf(tx.db, row.member_id);
    return {
      state: row.state,
      vendByMs: timeouts.vendByMs,
      pointsAfter: balances?.available ?? 0,
      grant: row.grant_text ?? '',
    };
  }
}
