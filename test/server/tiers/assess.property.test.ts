import { spanStart, type Ladder } from '@tessera/server/features/tiers/rules/ladder';
import { expect } from 'chai';
import fc from 'fast-check';
import { Climber, day, ladderOf, tier } from './support.ts';

const START = day('2027-10-01');
const DAYS = 500;

const ladder: fc.Arbitrary<Ladder> = fc
  .record({
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 60 })), {
      minLength: 1,
      maxLength: 4,
    }),
    span: fc.oneof(
      fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 120 }) }),
      fc.constant({ kind: 'year' as const }),
    ),
    graceDays: fc.constantFrom(0, 1, 7, 90),
  })
  .map(({ steps, span, graceDays }) => {
    let [points, days] = [0, 0];
    const tiers = steps.map(([more, longer], index) =>
      tier(`t${String(index)}`, (points += more), (days += longer + (more + longer === 0 ? 1 : 0))),
    );
    return ladderOf(tiers, span, graceDays);
  });

/** What is sold (positive) or given back (negative) on which day of the story. */
const deeds = fc.array(fc.tuple(fc.integer({ min: 0, max: DAYS }), fc.integer({ min: -60, max: 60 })), {
  maxLength: 40,
});

type Deeds = readonly (readonly [at: number, points: number])[];

/** What of a deed can happen: nothing comes back that was not sold on that day. */
function allowed(climber: Climber, on: number, points: number): number {
  const sold = climber.points.find((each) => each.day === on)?.points ?? 0;
  return Math.max(points, -sold);
}

/** The same story told twice: by somebody who looks every day, and by one who looks only when the rule says so. */
function tell(rule: Ladder, story: Deeds, looks: 'daily' | 'when told'): string[] {
  const climber = new Climber(rule, START);
  const told: string[] = [];
  const look = (today: number): void => {
    const { change, code, graceUntil } = climber.look(today);
    if (change !== null) told.push(`${String(today)} ${change} ${String(code)} ${String(graceUntil)}`);
  };
  look(START);
  for (let today = START; today <= START + DAYS; today += 1) {
    const isDue = (climber.last?.reviewOn ?? Infinity) <= today;
    if (looks === 'daily' || isDue) look(today);
    for (const [at, points] of story) {
      if (START + at !== today) continue;
      climber.add(today, allowed(climber, today, points));
      look(today);
    }
  }
  return told;
}

describe('tiers, whatever is bought and given back', () => {
  it('need no look between the days that the rule names', () => {
    fc.assert(
      fc.property(ladder, deeds, (rule, story) => {
        expect(tell(rule, story, 'when told')).to.deep.equal(tell(rule, story, 'daily'));
      }),
      { numRuns: 300 },
    );
  });

  it('are never below what points and age deserve, and above it only for the grace', () => {
    fc.assert(
      fc.property(ladder, deeds, (rule, story) => {
        const climber = new Climber(rule, START);
        let since: number | undefined;
        for (let today = START; today <= START + DAYS; today += 1) {
          for (const [at, points] of story)
            if (START + at === today) climber.add(today, allowed(climber, today, points));
          const { level, graceUntil, points } = climber.look(today);
          const counted = climber.points.filter((each) => each.day >= spanStart(rule.span, today));
          expect(points).to.equal(counted.reduce((total, each) => total + each.points, 0));
          const deserved = rule.tiers.filter((each) => each.points <= points && each.memberDays <= today - START);
          since = level > deserved.length ? (since ?? today) : undefined;
          expect(level).to.be.at.least(deserved.length);
          expect(graceUntil === null).to.equal(since === undefined);
          if (since !== undefined) expect(today - since).to.be.below(rule.graceDays);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('rise on the very point that the rule names', () => {
    fc.assert(
      fc.property(ladder, deeds, fc.integer({ min: 0, max: DAYS }), (rule, story, at) => {
        const climber = new Climber(rule, START);
        for (const [sold, points] of story) climber.add(START + sold, Math.abs(points));
        const today = START + at;
        const { risesAt, points, level, graceUntil } = climber.look(today);
        if (graceUntil !== null || risesAt === Number.MAX_SAFE_INTEGER) return;
        const levelWith = (more: number) => {
          const other = new Climber(rule, START);
          other.held = climber.held;
          other.points.push(...climber.points.map((each) => ({ ...each })));
          other.add(today, more);
          return other.look(today).level;
        };
        expect(levelWith(risesAt - points - 1)).to.equal(level);
        expect(levelWith(risesAt - points)).to.be.above(level);
      }),
      { numRuns: 300 },
    );
  });
});
