import { dateOf, dayOf, newYear } from '@tessera/server/features/tiers/rules/days';
import { ascends, inForce, spanEnd, spanStart } from '@tessera/server/features/tiers/rules/ladder';
import { expect } from 'chai';
import { Climber, day, ladderOf, tier } from './support.ts';

const SILVER = tier('silver', 100);
const GOLD = tier('gold', 300);
const month = { kind: 'days', days: 30 } as const;
const JOINED = day('2026-01-01');

describe('tiers', () => {
  it('are raised on the day on which they are reached, over several at once', () => {
    const climber = new Climber(ladderOf([SILVER, GOLD], month), JOINED);
    climber.add(day('2026-01-01'), 99);
    expect(climber.look(day('2026-01-01'))).to.include({ code: null, level: 0, change: null, risesAt: 100 });
    climber.add(day('2026-01-01'), 1);
    expect(climber.look(day('2026-01-01'))).to.include({ code: 'silver', change: 'raised', risesAt: 300 });
    climber.add(day('2026-01-02'), 200);
    expect(climber.look(day('2026-01-02'))).to.include({ code: 'gold', level: 2, change: 'raised', points: 300 });
    expect(climber.last?.risesAt).to.equal(Number.MAX_SAFE_INTEGER);
  });

  it('are kept for the grace when points do not count any more, then fall to what is deserved', () => {
    const climber = new Climber(ladderOf([SILVER, GOLD], month, 10), JOINED);
    climber.add(day('2026-01-01'), 200);
    climber.add(day('2026-01-05'), 100);
    const raised = climber.look(day('2026-01-05'));
    expect(raised).to.include({ code: 'gold', reviewOn: day('2026-01-31') });
    const kept = climber.look(day('2026-01-31'));
    expect(kept).to.include({ code: 'gold', points: 100, change: 'grace', graceUntil: day('2026-02-09') });
    expect(climber.look(day('2026-02-09'))).to.include({ code: 'gold', change: null });
    expect(climber.look(day('2026-02-10'))).to.include({ code: null, change: 'lowered', graceUntil: null });
  });

  it('are kept for good by points that come in time', () => {
    const climber = new Climber(ladderOf([SILVER], month, 10), JOINED);
    climber.add(day('2026-01-01'), 100);
    climber.look(day('2026-01-01'));
    expect(climber.look(day('2026-01-31'))).to.include({ change: 'grace' });
    climber.add(day('2026-02-01'), 100);
    expect(climber.look(day('2026-02-01'))).to.include({ code: 'silver', change: 'kept', graceUntil: null });
  });

  it('fall at once where there is no grace', () => {
    const climber = new Climber(ladderOf([SILVER], month), JOINED);
    climber.add(day('2026-01-01'), 100);
    climber.look(day('2026-01-01'));
    expect(climber.look(day('2026-01-31'))).to.include({ code: null, change: 'lowered' });
  });

  it('of a calendar year are looked at on New Year’s Day, and kept for the next year by a grace of 365 days', () => {
    const climber = new Climber(ladderOf([SILVER], { kind: 'year' }, 365), JOINED);
    climber.add(day('2026-03-01'), 100);
    expect(climber.look(day('2026-03-01'))).to.include({ code: 'silver', reviewOn: day('2027-01-01') });
    const grace = climber.look(day('2027-01-01'));
    expect(grace).to.include({ points: 0, change: 'grace', graceUntil: day('2027-12-31') });
    expect(climber.look(day('2028-01-01'))).to.include({ code: null, change: 'lowered' });
  });

  it('may ask for age instead of points, or for both', () => {
    const climber = new Climber(ladderOf([tier('friend', 0, 90), tier('gold', 100, 365)], month), JOINED);
    climber.add(day('2026-12-31'), 100);
    expect(climber.look(JOINED)).to.include({ code: null, reviewOn: JOINED + 90 });
    expect(climber.look(JOINED + 90)).to.include({ code: 'friend', change: 'raised' });
    expect(climber.look(JOINED + 364)).to.include({ code: 'friend', reviewOn: JOINED + 365 });
    expect(climber.look(JOINED + 365)).to.include({ code: 'gold', change: 'raised' });
  });

  it('that a ladder does not have any more give way to what is deserved', () => {
    const climber = new Climber(ladderOf([SILVER, GOLD], month, 10), JOINED);
    climber.held = { code: 'platinum', graceUntil: null };
    climber.add(day('2026-01-01'), 100);
    expect(climber.look(day('2026-01-01'))).to.include({ code: 'silver', change: 'moved', graceUntil: null });
  });

  it('do not count what was sold out of the span, or on a day to come', () => {
    const climber = new Climber(ladderOf([SILVER], month), JOINED);
    climber.add(day('2026-01-01'), 50);
    climber.add(day('2026-01-31'), 50);
    climber.add(day('2026-02-01'), 50);
    expect(climber.look(day('2026-01-31')).points).to.equal(50);
    expect(climber.look(day('2026-01-30')).points).to.equal(50);
    expect(climber.look(day('2026-02-01')).points).to.equal(100);
  });
});

describe('days of tiers', () => {
  it('are those of the place, over summer time and leap days', () => {
    const at = (text: string, zone: string) => dateOf(dayOf(Date.parse(text), zone));
    expect(at('2028-02-29T23:30:00Z', 'Europe/Berlin')).to.equal('2028-03-01');
    expect(at('2028-02-28T16:00:00Z', 'Asia/Shanghai')).to.equal('2028-02-29');
    expect(at('2028-03-01T04:59:59Z', 'America/New_York')).to.equal('2028-02-29');
    expect(at('2026-03-28T23:00:00Z', 'Europe/Berlin')).to.equal('2026-03-29');
    expect(at('2026-10-25T22:59:59Z', 'Europe/Berlin')).to.equal('2026-10-25');
    expect(at('2026-10-25T23:00:00Z', 'Europe/Berlin')).to.equal('2026-10-26');
  });

  it('know when a span begins, and when a day leaves it', () => {
    const days = { kind: 'days', days: 365 } as const;
    expect(dateOf(spanStart(days, day('2028-02-29')))).to.equal('2027-03-02');
    expect(dateOf(spanEnd(days, day('2027-03-02')))).to.equal('2028-03-01');
    expect(dateOf(spanStart({ kind: 'year' }, day('2028-02-29')))).to.equal('2028-01-01');
    expect(dateOf(spanEnd({ kind: 'year' }, day('2028-12-31')))).to.equal('2029-01-01');
    expect(dateOf(newYear(day('2028-12-31'), 1))).to.equal('2029-01-01');
  });
});

describe('ladders', () => {
  it('are in force from their start until the next one’s', () => {
    const at = (version: number, startsAt: number) => ({ ...ladderOf([SILVER], month), version, startsAt });
    const all = [at(1, 100), at(2, 200)];
    expect(inForce(all, 99)).to.equal(undefined);
    expect(inForce(all, 100)?.version).to.equal(1);
    expect(inForce(all, 199)?.version).to.equal(1);
    expect(inForce(all, 200)?.version).to.equal(2);
    expect(inForce([at(1, 100), at(2, 100)], 100)?.version).to.equal(2);
  });

  it('only go up', () => {
    expect(ascends([])).to.equal(true);
    expect(ascends([tier('a', 0)])).to.equal(true);
    expect(ascends([tier('a', 100), tier('b', 100, 30), tier('c', 200, 30)])).to.equal(true);
    expect(ascends([tier('a', 100), tier('b', 100)])).to.equal(false);
    expect(ascends([tier('a', 100, 30), tier('b', 200)])).to.equal(false);
    expect(ascends([tier('a', 100), tier('b', 90, 30)])).to.equal(false);
  });
});
