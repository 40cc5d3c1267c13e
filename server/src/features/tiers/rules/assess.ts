import { sum } from '@tessera/shared/points';
import type { Day } from './days.ts';
import { spanEnd, spanStart, type Ladder, type Tier } from './ladder.ts';

/** Qualifying points of the sales of a day, less what came back of them. */
export interface DayPoints {
  readonly day: Day;
  readonly points: number;
}

/** The tier that a member has, and the last day of its grace where it is not deserved any more. */
export interface Held {
  readonly code: string | null;
  readonly graceUntil: Day | null;
}

export interface MemberFacts {
  readonly today: Day;
  readonly joinedOn: Day;
  /** In the order of their days. Days out of the span, or yet to come, do not count. */
  readonly points: readonly DayPoints[];
}

/**
 * What becomes of a tier: `raised` to a higher one; kept in `grace`, not deserved any more; `kept`, deserved again; `lowered`
 * when the grace is over; `moved` where the ladder does not have it any more.
 */
export type Change = 'raised' | 'grace' | 'kept' | 'lowered' | 'moved';

/** Where a member stands on a day. */
export interface Standing extends Held {
  /** 0 for no tier. */
  readonly level: number;
  readonly spanFrom: Day;
  readonly points: number;
  /** So many points raise the member today; `Number.MAX_SAFE_INTEGER` where none do. */
  readonly risesAt: number;
  /** The next day on which something may change although nothing is sold or given back; null for never. */
  readonly reviewOn: Day | null;
  readonly change: Change | null;
}

/** Decides where a member stands. Pure: the same ladder, tier and facts give the same answer. */
export function assess(ladder: Ladder, held: Held, facts: MemberFacts): Standing {
  const spanFrom = spanStart(ladder.span, facts.today);
  const counted = facts.points.filter(({ day }) => day >= spanFrom && day <= facts.today);
  const points = sum(counted.map((each) => each.points));
  const age = facts.today - facts.joinedOn;
  const deserved = ladder.tiers.findLastIndex((tier) => tier.points <= points && tier.memberDays <= age) + 1;
  const next = stepOf(ladder, held, deserved, facts.today);
  const rising = ladder.tiers.slice(deserved).find((tier) => tier.memberDays <= age);
  return {
    ...next,
    code: ladder.tiers[next.level - 1]?.code ?? null,
    spanFrom,
    points,
    risesAt: rising?.points ?? Number.MAX_SAFE_INTEGER,
    reviewOn: reviewOf(ladder, next, { ...facts, points: counted }, deserved),
  };
}

type Step = Pick<Standing, 'level' | 'graceUntil' | 'change'>;

function stepOf(ladder: Ladder, { code, graceUntil }: Held, deserved: number, today: Day): Step {
  const level = ladder.tiers.findIndex((tier) => tier.code === code) + 1;
  if (code !== null && level === 0) return { level: deserved, graceUntil: null, change: 'moved' };
  if (deserved > level) return { level: deserved, graceUntil: null, change: 'raised' };
  if (deserved === level) return { level, graceUntil: null, change: graceUntil === null ? null : 'kept' };
  const lastDay = graceUntil ?? today + ladder.graceDays - 1;
  if (lastDay < today) return { level: deserved, graceUntil: null, change: 'lowered' };
  return { level, graceUntil: lastDay, change: graceUntil === null ? 'grace' : null };
}

/** The earliest of the days on which a grace ends, points stop counting that are needed, or the member is old enough for more. */
function reviewOf(ladder: Ladder, step: Step, facts: MemberFacts, deserved: number): Day | null {
  const total = sum(facts.points.map((each) => each.points));
  const age = facts.today - facts.joinedOn;
  const days = ladder.tiers
    .slice(deserved)
    .filter((tier) => tier.points <= total && tier.memberDays > age)
    .map((tier) => facts.joinedOn + tier.memberDays);
  const own = ladder.tiers[step.level - 1];
  if (step.graceUntil !== null) days.push(step.graceUntil + 1);
  else if (own) days.push(...lossOf(ladder, own, facts.points, total));
  return days.length === 0 ? null : Math.min(...days);
}

/** The day on which what is left of some points is too little for a tier, if nothing is added; none where that never comes. */
function lossOf({ span }: Ladder, tier: Tier, points: readonly DayPoints[], total: number): Day[] {
  let left = total;
  for (const each of points) {
    left -= each.points;
    if (left < tier.points) return [spanEnd(span, each.day)];
  }
  return [];
}
