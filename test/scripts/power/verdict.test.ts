import { expect } from 'chai';
import { disagreements, forgotten, type Evidence } from '@tessera/scripts/faults/power/verdict';

const row = (state: string, redemptionId = 'R') => ({
  redemptionId,
  kioskId: 'k',
  memberId: '1',
  slot: 1,
  price: 100,
  state,
  extraDrops: 0,
});

const sound: Evidence = {
  truth: [{ slot: 1, pulses: 2, drops: 1 }],
  rows: [row('captured'), row('released', 'S'), row('refused', 'T')],
  available: 900,
  held: 0,
  acknowledged: 1000,
  broken: [],
};

describe('faults: verdict after a power cut', () => {
  it('accepts what agrees, and an honest doubt whether or not the gift fell', () => {
    expect(disagreements(sound)).to.deep.equal([]);
    const doubt = { ...sound, rows: [...sound.rows, row('in_doubt', 'U')], available: 800, held: 100 };
    expect(disagreements(doubt)).to.deep.equal([]);
    expect(disagreements({ ...doubt, truth: [{ slot: 1, pulses: 3, drops: 2 }] })).to.deep.equal([]);
  });

  it('does not take for a gift what is written down as fallen beside it', () => {
    const rows = [{ ...row('captured'), extraDrops: 1 }];
    expect(disagreements({ ...sound, rows, truth: [{ slot: 1, pulses: 1, drops: 2 }] })).to.deep.equal([]);
  });

  const crimes: readonly (readonly [crime: string, change: Partial<Evidence>, word: string])[] = [
    ['a gift that nobody paid', { truth: [{ slot: 1, pulses: 2, drops: 2 }] }, '2 fell, 1 captured'],
    ['a payment without a gift', { truth: [{ slot: 1, pulses: 2, drops: 0 }] }, '0 fell, 1 captured'],
    ['a second pulse', { truth: [{ slot: 1, pulses: 3, drops: 1 }] }, 'driven 3 times'],
    ['an acknowledged purchase that is gone', { available: 500 }, 'which was acknowledged'],
    ['a hold without a doubt', { available: 800, held: 100 }, '100 held for 0'],
    ['a redemption that hangs', { rows: [...sound.rows, row('vending', 'U')] }, 'left under way'],
    ['a broken invariant', { broken: ['zero_sum'] }, 'check: zero_sum'],
  ];
  for (const [crime, change, word] of crimes) {
    it(`sees ${crime}`, () => {
      expect(disagreements({ ...sound, ...change }).join('; ')).to.include(word);
    });
  }

  it('remembers what was captured before', () => {
    expect(forgotten(['R'], sound.rows)).to.deep.equal([]);
    expect(forgotten(['R', 'S', 'V'], sound.rows)).to.deep.equal([
      'S was captured and is now released',
      'V was captured and is now unknown',
    ]);
  });
});
