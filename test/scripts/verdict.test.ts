import { expect } from 'chai';
import { finalViolations, violations, type Facts } from '@tessera/scripts/faults/crash/verdict';
import { compared, holds, isOk, reportLine } from '@tessera/scripts/report/report';

const before: Facts = {
  redemptions: [],
  balance: { available: 500, held: 0 },
  pulses: 7,
  drops: 7,
  strays: 0,
  broken: [],
};

function after(state: string, change: Partial<Facts>): Facts {
  const row = { redemptionId: 'R', kioskId: 'k', memberId: '1', slot: 1, price: 100, state, extraDrops: 0 };
  return { ...before, redemptions: [row], ...change };
}

const spent = { available: 400, held: 0 };
const held = { available: 400, held: 100 };

describe('faults: verdict', () => {
  it('accepts each honest end', () => {
    expect(violations(before, before)).to.deep.equal([]);
    expect(violations(before, after('released', {}))).to.deep.equal([]);
    expect(violations(before, after('refused', {}))).to.deep.equal([]);
    expect(violations(before, after('captured', { balance: spent, pulses: 8, drops: 8 }))).to.deep.equal([]);
    expect(violations(before, after('in_doubt', { balance: held, pulses: 8, drops: 8 }))).to.deep.equal([]);
    expect(violations(before, after('in_doubt', { balance: held, pulses: 8 }))).to.deep.equal([]);
  });

  const crimes: readonly (readonly [crime: string, facts: Facts, word: string])[] = [
    ['a gift for nothing', after('released', { pulses: 8, drops: 8 }), 'fell'],
    ['points for nothing', after('captured', { balance: spent, pulses: 8 }), 'fell'],
    ['points gone without a redemption', { ...before, balance: spent }, 'spent'],
    ['a second pulse', after('captured', { balance: spent, pulses: 9, drops: 8 }), 'energised 2'],
    ['a hold that nobody ends', after('vending', { balance: held, pulses: 8 }), 'under way'],
    ['held points that were released', after('released', { balance: held }), 'held'],
    ['a broken invariant', after('released', { broken: ['zero_sum'] }), 'zero_sum'],
  ];
  for (const [crime, facts, word] of crimes) {
    it(`sees ${crime}`, () => {
      expect(violations(before, facts).join()).to.include(word);
    });
  }

  it('allows a second drop only where it was written off', () => {
    const [row] = after('captured', {}).redemptions;
    const twoFell = { balance: spent, pulses: 8, drops: 9 };
    expect(violations(before, after('captured', twoFell)).join()).to.include('fell');
    const writtenOff = { ...after('captured', twoFell), redemptions: [{ ...row!, extraDrops: 1 }] };
    expect(violations(before, writtenOff)).to.deep.equal([]);
    expect(finalViolations(before, writtenOff)).to.deep.equal([]);
  });

  it('allows a stray beside a gift that was paid for, never in its place', () => {
    const late = { strays: 1, pulses: 8 };
    expect(violations(before, after('captured', { ...late, balance: spent, drops: 9 }))).to.deep.equal([]);
    expect(violations(before, after('released', { ...late, drops: 8 })).join()).to.include('fell');
    expect(violations(before, after('captured', { ...late, balance: spent, drops: 10 })).join()).to.include('fell');
  });

  it('wants what fell to be what is captured once the doubt was counted', () => {
    expect(finalViolations(before, after('captured', { balance: spent, drops: 8 }))).to.deep.equal([]);
    expect(finalViolations(before, after('released', { drops: 8 })).join()).to.include('fell');
    expect(finalViolations(before, after('captured', { balance: held, drops: 8 })).join()).to.include('held');
  });
});

describe('scripts: report', () => {
  it('computes ok from value, ratio and target', () => {
    expect(holds({ value: 3, unit: 'ms' })).to.equal(true);
    expect(holds({ value: 3, unit: 'ms', target: 2 })).to.equal(false);
    expect(holds(compared(30, 'ms', 20, 1.5))).to.equal(true);
    expect(holds(compared(31, 'ms', 20, 1.5))).to.equal(false);
    expect(holds({ ...compared(12, '1/s', 20, 0.6), atLeast: true })).to.equal(true);
    expect(holds({ ...compared(11, '1/s', 20, 0.6), atLeast: true })).to.equal(false);
    expect(isOk({ good: { value: 0, unit: 'x', target: 0 }, bad: { value: 1, unit: 'x', target: 0 } })).to.equal(false);
  });

  it('is one line of JSON', () => {
    const line = reportLine({ name: 'bench:x', figures: { p50: compared(1.23456, 'ms', 1, 1.5) }, samples: 'x.json' });
    expect(JSON.parse(line)).to.deep.equal({
      name: 'bench:x',
      ok: true,
      figures: { p50: { value: 1.235, unit: 'ms', yardstick: 1, ratio: 1.235, target: 1.5 } },
      samples: 'x.json',
    });
  });
});
