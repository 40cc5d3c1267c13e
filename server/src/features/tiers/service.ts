import type { Localised } from '@tessera/shared/ids/schemas';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { setRuleRevision } from '../../platform/database/rule-revision.ts';
import { countReturn, countSale, type CountedSale } from './counting.ts';
import { LadderBook, readLadders, type NamedLadder } from './ladder-book.ts';
import { dayOf } from './rules/days.ts';
import { inForce, spanStart, type Span, type Tier } from './rules/ladder.ts';
import { settleStanding, type Cause, type StandingParts } from './standings.ts';
import * as store from './store.ts';

export interface NewLadder {
  readonly timeZone: string;
  readonly span: Span;
  readonly graceDays: number;
  /** The lowest first; none ends all tiers. */
  readonly tiers: readonly (Tier & { readonly name: Localised })[];
  /** ms since the epoch; now where absent. */
  readonly startsAt?: number | undefined;
}

/** The job that looks at members whose day has come, and at all of them after a new ladder. */
export const REVIEW_TIERS = 'review-tiers';

const BY_TIME: Cause = { reason: 'time', accrualId: null };

/** Tiers of members: by qualifying points of their sales, and by how long they have been members. */
export class Tiers {
  readonly #parts: StandingParts & { readonly clock: Clock; readonly chance: Chance };
  readonly #book = new LadderBook();

  constructor(parts: StandingParts & { clock: Clock; chance: Chance }) {
    this.#parts = parts;
  }

  /** Publishes the next version of the ladder; until it starts the one before stays in force. */
  async publish(tx: Tx, ladder: NewLadder): Promise<Refused<NamedLadder>> {
    const { startsAt = tx.at, span } = ladder;
    if (startsAt < tx.at) return err(wrongStart('A ladder is changed for the future only.'));
    const last = await store.lastLadder(tx.db);
    if (last && startsAt < last.starts_at) {
      return err(wrongStart('A later version has been planned already; start no earlier than that.'));
    }
    const version = (last?.version ?? 0) + 1;
    const row = {
      version,
      time_zone: ladder.timeZone,
      span_days: span.kind === 'days' ? span.days : null,
      grace_days: ladder.graceDays,
      starts_at: startsAt,
      created_at: tx.at,
      created_by: tx.actor,
    };
    const tiers = ladder.tiers.map(({ code, name, points, memberDays }, index) => ({
      version,
      level: index + 1,
      code,
      name: JSON.stringify(name),
      points,
      member_days: memberDays,
    }));
    if (!(await store.insertLadder(tx.db, row, tiers))) return err(problem('conflict'));
    await setRuleRevision(tx.db, newUlid(this.#parts.clock, this.#parts.chance));
    const facts = { startsAt, tiers: ladder.tiers.map(({ code }) => code).join(' ') };
    await this.#parts.audit.write(tx, 'tier_ladder.published', `tier_ladder:${String(version)}`, facts);
    tx.wake(REVIEW_TIERS);
    return ok({ ...ladder, version, startsAt, createdAt: tx.at, createdBy: tx.actor });
  }

  /**
   * Counts a sale that has just been recorded, and raises the member at once where it reaches a tier.
   * @param revision of the rules by which the sale was decided
   */
  async sold(tx: Tx, sale: Omit<CountedSale, 'left'>, revision: string): Promise<void> {
    const ladder = inForce(await this.#book.of(tx.db, revision), tx.at);
    if (!ladder || ladder.tiers.length === 0 || sale.points === 0) return;
    const { memberId, accrualId, points } = sale;
    const day = await countSale(tx, ladder, { ...sale, left: points });
    const today = dayOf(tx.at, ladder.timeZone);
    const counts = day >= spanStart(ladder.span, today) ? points : 0;
    const added = await store.addToday(tx.db, { memberId, version: ladder.version, today, points: counts });
    if (added.length === 0) await this.#settle(tx, ladder, memberId, { reason: 'sale', accrualId });
  }

  /** Goods of a sale came back: what is left of its qualifying points counts from now on. */
  async cameBack(tx: Tx, sale: Pick<CountedSale, 'memberId' | 'accrualId' | 'left'>): Promise<void> {
    if (!(await countReturn(tx, sale))) return;
    const ladder = await this.#book.inForce(tx.db, tx.at);
    if (ladder) await this.#settle(tx, ladder, sale.memberId, { reason: 'refund', accrualId: sale.accrualId });
  }

  /** Looks at members whose day has come, or who stand on an older ladder; answers how many, at most `limit`. */
  async review(tx: Tx, limit: number): Promise<number> {
    const ladder = await this.#book.inForce(tx.db, tx.at);
    if (!ladder) return 0;
    const due = await store.dueMembers(tx.db, dayOf(tx.at, ladder.timeZone), limit);
    const old = await store.membersOfOlder(tx.db, ladder.version, limit - due.length);
    const ids = new Set([...due, ...old].map((row) => row.member_id));
    for (const memberId of ids) await this.#settle(tx, ladder, memberId, BY_TIME);
    return ids.size;
  }

  /** Gives members their first standing; one who has had it meanwhile keeps it. */
  async enrol(tx: Tx, memberIds: readonly string[]): Promise<void> {
    const ladder = await this.#book.inForce(tx.db, tx.at);
    if (!ladder) return;
    for (const memberId of memberIds) await this.#settle(tx, ladder, memberId, BY_TIME);
  }

  /** The code of the tier that a member has; null for none. */
  async codeOf(db: Db, memberId: string): Promise<string | null> {
    return (await store.codeOf(db, { memberId }))[0]?.code ?? null;
  }

  /** The ladder in force at a moment, ms since the epoch. */
  inForce(db: Db, at: number): Promise<NamedLadder | undefined> {
    return this.#book.inForce(db, at);
  }

  /** Every version of the ladder, the oldest first. */
  ladders(db: Db): Promise<NamedLadder[]> {
    return readLadders(db);
  }

  #settle(tx: Tx, ladder: NamedLadder, memberId: string, cause: Cause): Promise<void> {
    return settleStanding(tx, this.#parts, ladder, memberId, cause);
  }
}

const wrongStart = (what: string) => problem('invalid_fields', { fields: { '/startsAt': what } });
