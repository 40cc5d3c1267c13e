import { assess, type DayPoints, type Held, type Standing } from '@tessera/server/features/tiers/rules/assess';
import type { Ladder, Span, Tier } from '@tessera/server/features/tiers/rules/ladder';

export const inAll = (text: string) => ({ zh: text, en: text, ar: text });

/** A day by its date. */
export const day = (date: string): number => Date.parse(date) / 86_400_000;

export const tier = (code: string, points: number, memberDays = 0): Tier => ({ code, points, memberDays });

export const ladderOf = (tiers: readonly Tier[], span: Span, graceDays = 0): Ladder => ({
  version: 1,
  timeZone: 'UTC',
  span,
  graceDays,
  startsAt: 0,
  tiers,
});

const NOTHING: Held = { code: null, graceUntil: null };

/** A member over time: what was counted, and where they stand. */
export class Climber {
  held: Held = NOTHING;
  last: Standing | undefined;
  readonly points: DayPoints[] = [];

  constructor(
    readonly ladder: Ladder,
    readonly joinedOn: number,
  ) {}

  add(on: number, points: number): void {
    const known = this.points.findIndex((each) => each.day === on);
    const before = this.points[known]?.points ?? 0;
    if (known < 0) this.points.push({ day: on, points });
    else this.points[known] = { day: on, points: before + points };
    this.points.sort((a, b) => a.day - b.day);
  }

  /** Decides where they stand on a day. */
  look(today: number): Standing {
    this.last = assess(this.ladder, this.held, { today, joinedOn: this.joinedOn, points: this.points });
    this.held = this.last;
    return this.last;
  }
}
