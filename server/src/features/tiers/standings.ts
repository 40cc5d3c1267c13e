import { assert } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import { enqueue, type MemberMessageKind } from '../../platform/outbox/outbox.ts';
import type { Members } from '../members/index.ts';
import { countEarlier, type SalesSince } from './counting.ts';
import type { NamedLadder } from './ladder-book.ts';
import { assess, type Change, type Standing } from './rules/assess.ts';
import { dateOf, dayOf } from './rules/days.ts';
import { spanStart } from './rules/ladder.ts';
import * as store from './store.ts';

/** What makes a standing be looked at again. */
export interface Cause {
  readonly reason: store.ChangeRow['reason'];
  readonly accrualId: string | null;
}

export interface StandingParts {
  readonly audit: Audit;
  readonly members: Members;
  readonly sales: SalesSince;
}

const NOBODY = { code: null, grace_until: null, changes: 0, version: 0 } as const;

type Before = Pick<store.StandingRow, keyof typeof NOBODY>;

/** Decides anew where a member stands, keeps it, and tells of what changed. */
export async function settleStanding(
  tx: Tx,
  parts: StandingParts,
  ladder: NamedLadder,
  memberId: string,
  cause: Cause,
): Promise<void> {
  const member = await parts.members.find(tx.db, memberId);
  assert(member !== undefined, 'whoever has a standing is a member');
  const [row] = await store.standingOf(tx.db, { memberId });
  const before: Before = row ?? NOBODY;
  const isNew = before.version !== ladder.version;
  if (isNew && ladder.tiers.length > 0) await countEarlier(tx, ladder, memberId, parts.sales);
  const today = dayOf(tx.at, ladder.timeZone);
  const joinedOn = dayOf(member.created_at, ladder.timeZone);
  const points = await store.pointsByDay(tx.db, { memberId, from: spanStart(ladder.span, today) });
  const held = { code: before.code, graceUntil: before.grace_until };
  const standing = assess(ladder, held, { today, joinedOn, points });
  assert(standing.reviewOn === null || standing.reviewOn > today, 'what changes today has been decided');
  await store.upsertStanding(tx.db, {
    member_id: memberId,
    version: ladder.version,
    level: standing.level,
    code: standing.code,
    joined_on: joinedOn,
    span_from: standing.spanFrom,
    counted_on: today,
    points: standing.points,
    rises_at: standing.risesAt,
    grace_until: standing.graceUntil,
    review_on: standing.reviewOn,
    changes: before.changes + (standing.change === null ? 0 : 1),
  });
  if (standing.change === null) return;
  const reason = isNew && cause.reason === 'time' ? 'ladder' : cause.reason;
  await keepChange(tx, parts.audit, ladder, { memberId, before, standing, change: standing.change, ...cause, reason });
}

interface Kept extends Cause {
  readonly memberId: string;
  readonly before: Before;
  readonly standing: Standing;
  readonly change: Change;
}

/** A change in the member's history, in the audit, and as a message. */
async function keepChange(tx: Tx, audit: Audit, ladder: NamedLadder, kept: Kept): Promise<void> {
  const { memberId, before, standing, change, reason } = kept;
  const { points, code: to } = standing;
  await store.insertChange(tx.db, {
    member_id: memberId,
    seq: before.changes + 1,
    kind: change,
    reason,
    from_code: before.code,
    to_code: to,
    version: ladder.version,
    points,
    grace_until: standing.graceUntil,
    accrual_id: kept.accrualId,
    actor: tx.actor,
    at: tx.at,
  });
  const facts = { from: before.code, to, reason, points, ladder: ladder.version };
  await audit.write(tx, `tier.${change}`, `member:${memberId}`, facts);
  const own = ladder.tiers[standing.level - 1];
  await enqueue(tx, 'member_message', {
    memberId,
    kind: own ? messages[change] : 'tier_ended',
    facts: {
      tierName: own ? JSON.stringify(own.name) : '',
      points: Math.max(0, (own?.points ?? 0) - points),
      lastDay: standing.graceUntil === null ? '' : dateOf(standing.graceUntil),
    },
  });
}

const messages: Readonly<Record<Change, MemberMessageKind>> = {
  raised: 'tier_raised',
  grace: 'tier_grace',
  kept: 'tier_kept',
  lowered: 'tier_lowered',
  moved: 'tier_moved',
};
