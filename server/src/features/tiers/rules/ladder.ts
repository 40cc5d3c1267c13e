import { newYear, type Day } from './days.ts';

/** For how long qualifying points count: so many days, the present one among them, or the calendar year. */
export type Span = { readonly kind: 'days'; readonly days: number } | { readonly kind: 'year' };

/** A tier: whoever has so many points within the span, and has been a member for so many days, deserves it. */
export interface Tier {
  readonly code: string;
  readonly points: number;
  readonly memberDays: number;
}

/** One version of the alliance's tiers, the lowest first; the first has level 1, and level 0 is no tier. */
export interface Ladder {
  readonly version: number;
  /** IANA name: days begin and end by it. */
  readonly timeZone: string;
  readonly span: Span;
  /** So many days a tier is kept that is not deserved any more. */
  readonly graceDays: number;
  /** ms since the epoch; a later version ends it. */
  readonly startsAt: number;
  readonly tiers: readonly Tier[];
}

/** The version in force at a moment: the last that has begun. */
export const inForce = <L extends Ladder>(ladders: readonly L[], at: number): L | undefined =>
  ladders.reduce<L | undefined>(
    (best, each) => (each.startsAt <= at && each.version > (best?.version ?? 0) ? each : best),
    undefined,
  );

/** The first day whose points count on a day. */
export const spanStart = (span: Span, today: Day): Day =>
  span.kind === 'days' ? today - span.days + 1 : newYear(today);

/** The first day on which the points of a day do not count any more. */
export const spanEnd = (span: Span, day: Day): Day => (span.kind === 'days' ? day + span.days : newYear(day, 1));

/** True where no tier asks for less than the one below it, and each for more of something. */
export const ascends = (tiers: readonly Omit<Tier, 'code'>[]): boolean =>
  tiers.every((tier, index) => {
    const below = tiers[index - 1] ?? { points: 0, memberDays: -1 };
    const [more, longer] = [tier.points - below.points, tier.memberDays - below.memberDays];
    return more >= 0 && longer >= 0 && more + longer > 0;
  });
