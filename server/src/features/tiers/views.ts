import type * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import type { NamedLadder } from './ladder-book.ts';
import { dateOf, dayOf, type Day } from './rules/days.ts';
import { spanStart } from './rules/ladder.ts';
import type { changeView, ladderView, standingView, tierGlance } from './schemas.ts';
import * as store from './store.ts';

export const viewLadder = ({ tiers, ...ladder }: NamedLadder): z.input<typeof ladderView> => ({
  ...ladder,
  tiers: tiers.map((tier) => ({ ...tier })),
});

const shownDay = (day: Day | null): string | null => (day === null ? null : dateOf(day));

const named = (tier: NamedLadder['tiers'][number] | undefined) =>
  tier === undefined ? null : { code: tier.code, name: tier.name };

/** The tier that a standing names, in a ladder: an older ladder's may be gone. */
const tierOf = (ladder: NamedLadder | undefined, row: store.StandingRow | undefined) =>
  ladder?.tiers.find((tier) => tier.code === row?.code);

export async function viewGlance(
  db: Db,
  ladder: NamedLadder | undefined,
  memberId: string,
): Promise<z.input<typeof tierGlance>> {
  const [row] = await store.standingOf(db, { memberId });
  return { memberId, tier: named(tierOf(ladder, row)) };
}

/** Where a member stands now, and what is missing. @param at ms since the epoch */
export async function viewStanding(
  db: Db,
  ladder: NamedLadder | undefined,
  member: { readonly member_id: string; readonly created_at: number },
  at: number,
): Promise<z.input<typeof standingView>> {
  const memberId = member.member_id;
  const [row] = await store.standingOf(db, { memberId });
  const own = tierOf(ladder, row);
  if (!ladder) return { memberId, tier: null, ladder: null, points: 0, ...NOTHING };
  const today = dayOf(at, ladder.timeZone);
  const from = spanStart(ladder.span, today);
  const points = (await store.pointsByDay(db, { memberId, from }))
    .filter(({ day }) => day <= today)
    .reduce((total, each) => total + each.points, 0);
  const above = ladder.tiers[own ? ladder.tiers.indexOf(own) + 1 : 0];
  const age = today - dayOf(member.created_at, ladder.timeZone);
  const next = above && {
    code: above.code,
    name: above.name,
    points: Math.max(0, above.points - points),
    days: Math.max(0, above.memberDays - age),
  };
  return {
    memberId,
    tier: named(own),
    ladder: ladder.version,
    points,
    countsFrom: dateOf(from),
    graceUntil: shownDay(row?.grace_until ?? null),
    missing: Math.max(0, (own?.points ?? 0) - points),
    next: next ?? null,
  };
}

const NOTHING = { countsFrom: null, graceUntil: null, missing: 0, next: null };

export const viewChange = (row: store.ChangeRow): z.input<typeof changeView> => ({
  kind: row.kind,
  reason: row.reason,
  from: row.from_code,
  to: row.to_code,
  ladder: row.version,
  points: row.points,
  graceUntil: shownDay(row.grace_until),
  accrualId: row.accrual_id,
  by: row.actor,
  at: row.at,
});
