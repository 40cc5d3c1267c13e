import { contradictionsOf } from '@tessera/server/features/earning/rules/contradictions';
import { inForce } from '@tessera/server/features/earning/rules/rule';
import { expect } from 'chai';
import { amount, Counters, earns, facts, line, rule, told, WEDNESDAY } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('what a sale earns', () => {
  it('by the merchant’s rate where there are no rules', () => {
    const { decision, lots, linePoints, claims } = earns(amount(1999), []);
    expect(decision).to.deep.equal({ base: { points: 19, rate: { points: 1, perMinor: 100 } }, rules: [], points: 19 });
    expect(lots).to.deep.equal([{ issuer: 'merchant', pending: null, points: 19, by: ['rate:1/100'] }]);
    expect(linePoints).to.deep.equal([19]);
    expect(claims).to.deep.equal([]);
  });

  it('as typed, whatever amounts would give', () => {
    const double = rule({ gives: { kind: 'multiplier', percent: 200 } });
    const bonus = rule({ gives: { kind: 'bonus', points: 5 } });
    expect(told(earns({ points: 40 }, [double, bonus]))).to.deep.equal([45, 'no_amount', 'fired']);
    expect(earns({ points: 40 }, []).decision.base).to.deep.equal({ points: 40, rate: null });
  });

  it('by a rate of its products, the merchant’s for the rest', () => {
    const tea = rule({ when: { categories: ['tea'] }, gives: { kind: 'rate', points: 5, perMinor: 100 } });
    const sale = amount(1000, [line('green', 300, 'tea'), line('cup', 400), line('black', 300, 'tea')]);
    const { decision, linePoints } = earns(sale, [tea]);
    expect(decision.points).to.equal(34);
    expect(linePoints).to.deep.equal([15, 4, 15]);
    expect(decision.base.points).to.equal(4);
  });

  it('counts the steps of a rate on the sum of its lines, and splits what they give', () => {
    const sale = amount(150, [line('a', 50), line('b', 50), line('c', 50)]);
    const { decision, linePoints } = earns(sale, []);
    expect(decision.points).to.equal(1);
    expect(linePoints.reduce((sum, points) => sum + points, 0)).to.equal(1);
  });

  it('takes the rate of the higher priority, then the older rule', () => {
    const low = rule({ gives: { kind: 'rate', points: 2, perMinor: 100 } });
    const high = rule({ gives: { kind: 'rate', points: 3, perMinor: 100 }, priority: 1 });
    expect(told(earns(amount(1000), inForce([low, high], 0)))).to.deep.equal([30, 'fired', 'nothing_to_give']);
    const other = rule({ gives: { kind: 'rate', points: 9, perMinor: 100 } });
    expect(earns(amount(1000), inForce([other, low], 0)).decision.points).to.equal(20);
  });

  it('gives nothing for products that are taken out', () => {
    const medicine = rule({ when: { products: ['pills'] }, gives: { kind: 'nothing' } });
    const sale = amount(1000, [line('pills', 800), line('cream', 200)]);
    expect(told(earns(sale, [medicine]))).to.deep.equal([2, 'fired']);
    expect(earns(sale, [medicine]).linePoints).to.deep.equal([0, 2]);
    expect(told(earns(amount(1000, [line('cream', 1000)]), [medicine]))).to.deep.equal([10, 'other_products']);
  });

  it('adds multipliers; they do not multiply each other', () => {
    const double = rule({ gives: { kind: 'multiplier', percent: 200 } });
    const triple = rule({ gives: { kind: 'multiplier', percent: 300 } });
    expect(told(earns(amount(1000), [double, triple]))).to.deep.equal([40, 'fired', 'fired']);
  });

  it('rounds a part of a point down', () => {
    const half = rule({ gives: { kind: 'multiplier', percent: 150 } });
    expect(earns(amount(500), [half]).decision.points).to.equal(7);
    const little = rule({ gives: { kind: 'multiplier', percent: 101 } });
    expect(told(earns(amount(500), [little]))).to.deep.equal([5, 'nothing_to_give']);
  });

  it('fires only the best of rules that exclude each other', () => {
    const double = rule({ gives: { kind: 'multiplier', percent: 200 }, bestOf: 'summer' });
    const bonus = rule({ gives: { kind: 'bonus', points: 15 }, bestOf: 'summer' });
    expect(told(earns(amount(1000), [double, bonus]))).to.deep.equal([25, 'better_rule', 'fired']);
    expect(told(earns(amount(2000), [double, bonus]))).to.deep.equal([40, 'fired', 'better_rule']);
  });

  it('asks for amount, industry, first visit', () => {
    const from = rule({ when: { minAmountMinor: 1000 }, gives: { kind: 'bonus', points: 1 } });
    expect(told(earns(amount(999), [from]))).to.deep.equal([9, 'amount_too_small']);
    expect(told(earns(amount(1000), [from]))).to.deep.equal([11, 'fired']);
    const tea = rule({ when: { minAmountMinor: 500, products: ['tea'] }, gives: { kind: 'bonus', points: 1 } });
    expect(told(earns(amount(2000, [line('tea', 499), line('cup', 1501)]), [tea]))[1]).to.equal('amount_too_small');
    const spa = rule({ when: { industries: ['01KDVDNA00000000000000000B'] }, gives: { kind: 'bonus', points: 1 } });
    expect(told(earns(amount(100), [spa]))).to.deep.equal([1, 'other_industry']);
    const first = rule({ when: { firstVisit: true }, gives: { kind: 'bonus', points: 50 } });
    expect(told(earns(amount(100), [first]))).to.deep.equal([1, 'not_first_visit']);
    expect(told(earns(amount(100), [first], { firstVisit: true }))).to.deep.equal([51, 'fired']);
  });

  it('keeps the operator’s points apart from the merchant’s', () => {
    const gift = rule({ gives: { kind: 'bonus', points: 7 }, fundedBy: 'operator' });
    expect(earns(amount(1000), [gift]).lots.map(({ issuer, points }) => [issuer, points])).to.deep.equal([
      ['merchant', 10],
      ['operator', 7],
    ]);
  });
});

describe('limits of a rule', () => {
  const daily = (beyond: 'truncate' | 'refuse') =>
    rule({ gives: { kind: 'multiplier', percent: 200 }, caps: [{ per: 'member_day', points: 15, beyond }] });

  it('cut to what is left, and begin anew with the merchant’s day', () => {
    const counters = new Counters();
    const rules = [daily('truncate')];
    const sell = (soldAt: number) => counters.sell(amount(1000), { ...facts, soldAt }, rules);
    const points = (soldAt: number) => {
      const decided = sell(soldAt);
      return decided === 'refused' ? decided : decided.decision.points;
    };
    expect(points(WEDNESDAY)).to.equal(20);
    expect(points(WEDNESDAY)).to.equal(15);
    expect(points(WEDNESDAY)).to.equal(10);
    // 23:59 and 00:00 in Berlin.
    expect(points(Date.UTC(2026, 6, 1, 21, 59))).to.equal(10);
    expect(points(Date.UTC(2026, 6, 1, 22, 0))).to.equal(20);
  });

  it('give the whole or nothing where they refuse', () => {
    const counters = new Counters();
    const rules = [daily('refuse')];
    const first = counters.sell(amount(1000), facts, rules);
    const second = counters.sell(amount(1000), facts, rules);
    const third = counters.sell(amount(500), facts, rules);
    const said = [first, second, third].map((each) => (each === 'refused' ? [] : told(each)));
    expect(said).to.deep.equal([
      [20, 'fired'],
      [10, 'cap_reached'],
      [10, 'fired'],
    ]);
  });

  it('count times, of everybody and of one member', () => {
    const counters = new Counters();
    const rules = [rule({ gives: { kind: 'bonus', points: 9 }, caps: [{ per: 'budget', times: 2 }] })];
    const points = [1, 2, 3].map(() => counters.sell(amount(100), facts, rules)).map((each) => told(each as never)[0]);
    expect(points).to.deep.equal([10, 10, 1]);
  });

  it('fall back to the merchant’s rate where a rate is used up', () => {
    const counters = new Counters();
    const promotion = rule({
      gives: { kind: 'rate', points: 3, perMinor: 100 },
      caps: [{ per: 'member', points: 30, beyond: 'refuse' }],
    });
    const said = [1, 2].map(() => told(counters.sell(amount(1000), facts, [promotion]) as never));
    expect(said).to.deep.equal([
      [30, 'fired'],
      [10, 'cap_reached'],
    ]);
  });

  it('let a rule rest after it fired, also for sales from before', () => {
    const counters = new Counters();
    const rules = [rule({ gives: { kind: 'bonus', points: 9 }, cooldownHours: 24 })];
    const at = (soldAt: number) => told(counters.sell(amount(0), { ...facts, soldAt }, rules) as never);
    expect(at(WEDNESDAY)).to.deep.equal([9, 'fired']);
    expect(at(WEDNESDAY + DAY - 1)).to.deep.equal([0, 'cooldown']);
    expect(at(WEDNESDAY - DAY)).to.deep.equal([0, 'cooldown']);
    expect(at(WEDNESDAY + DAY)).to.deep.equal([9, 'fired']);
  });

  it('bound whole sales: cut, or refuse the sale', () => {
    const cut = rule({ gives: { kind: 'limit' }, caps: [{ per: 'member_day', points: 30, beyond: 'truncate' }] });
    const double = rule({ gives: { kind: 'multiplier', percent: 200 } });
    const counters = new Counters();
    const sale = amount(2000, [line('a', 500), line('b', 1500)]);
    const first = counters.sell(sale, facts, [double, cut]);
    if (first === 'refused') throw new Error('It is cut, not refused.');
    expect(first.decision.points).to.equal(30);
    expect(first.linePoints.reduce((sum, points) => sum + points, 0)).to.equal(30);
    expect(first.decision.rules.map(({ wanted, points, cappedBy }) => [wanted, points, cappedBy])).to.deep.equal([
      [20, 15, undefined],
      [40, 30, 'member_day'],
    ]);
    expect(told(counters.sell(sale, facts, [double, cut]) as never)[0]).to.equal(0);
    const stop = rule({ gives: { kind: 'limit' }, caps: [{ per: 'member_day', points: 30, beyond: 'refuse' }] });
    expect(counters.sell(sale, facts, [double, stop])).to.equal('refused');
    expect(told(counters.sell(amount(3000), facts, [stop]) as never)[0]).to.equal(30);
    expect(counters.sell(amount(100), facts, [stop])).to.equal('refused');
    expect(told(counters.sell(amount(99), facts, [stop]) as never)[0]).to.equal(0);
  });
});

describe('versions of a rule', () => {
  const first = { ...rule({ gives: { kind: 'bonus', points: 1 } }), startsAt: 10 };

  it('are in force from their start, until the next starts or they end', () => {
    const second = { ...first, version: 2, startsAt: 20 };
    const last = { ...first, version: 3, startsAt: 30, endsAt: 40 };
    const at = (time: number) => inForce([last, first, second], time).map(({ version }) => version);
    expect([9, 10, 19, 20, 29, 30, 39, 40].map(at)).to.deep.equal([[], [1], [1], [2], [2], [3], [3], []]);
  });

  it('that make no sense are named', () => {
    const wrong = (definition: Parameters<typeof rule>[0]) =>
      contradictionsOf(rule(definition).definition).map(({ path }) => path);
    expect(wrong({ gives: { kind: 'limit' } })).to.deep.equal(['caps']);
    expect(wrong({ gives: { kind: 'nothing' } })).to.deep.equal(['when']);
    expect(wrong({ gives: { kind: 'bonus', points: 1 }, bestOf: 'x' })).to.deep.equal([]);
    expect(wrong({ gives: { kind: 'rate', points: 1, perMinor: 1 }, bestOf: 'x' })).to.deep.equal(['bestOf']);
  });
});
