import { expect } from 'chai';
import { verdictOf, type Ledger } from '@tessera/scripts/soak/verdict';
import { livesOf, type Look } from '@tessera/scripts/soak/watch';

const row = (state: string, slot: number) => ({
  redemptionId: `R${String(slot)}`,
  kioskId: 'k',
  memberId: '1',
  slot,
  price: 100,
  extraDrops: 0,
  state,
});

/** Slot 1: two paid gifts, one that fell beside them and was written off. Slot 2: one that a count found missing. */
const honest: Ledger = {
  redemptions: [row('captured', 1), row('captured', 1), row('released', 1), row('refused', 2)],
  movements: [
    { slot: 1, kind: 'load', change: 9 },
    { slot: 1, kind: 'drop', change: -1 },
    { slot: 1, kind: 'drop', change: -1 },
    { slot: 1, kind: 'write_off', change: -1 },
    { slot: 2, kind: 'variance', change: -1 },
    { slot: 2, kind: 'count', change: 0 },
  ],
  drops: [{ slot: 1 }, { slot: 1 }, { slot: 1 }, { slot: 2 }],
  pulses: 3,
  slots: [
    { slot: 1, goods: 6, onHand: 6 },
    { slot: 2, goods: 4, onHand: 4 },
  ],
};

describe('soak: verdict', () => {
  it('explains every drop of an honest run', () => {
    expect(verdictOf(honest)).to.deep.equal({
      captured: 2,
      released: 1,
      writtenOff: 1,
      variance: 1,
      unexplained: 0,
      open: 0,
      slotsOff: 0,
      unpaid: 0,
      extraPulses: 0,
    });
  });

  it('sees a drop that nobody booked, also where another slot has one too few', () => {
    const swapped = { ...honest, drops: [{ slot: 1 }, { slot: 1 }, { slot: 2 }, { slot: 2 }] };
    expect(verdictOf(swapped).unexplained).to.equal(2);
  });

  it('sees points taken for nothing', () => {
    expect(verdictOf({ ...honest, drops: [{ slot: 1 }, { slot: 2 }] }).unpaid).to.equal(1);
  });

  it('sees what has not ended, a motor too many, and a slot that holds something else', () => {
    const found = verdictOf({
      ...honest,
      redemptions: [...honest.redemptions, row('in_doubt', 2)],
      pulses: 6,
      slots: [{ slot: 1, goods: 6, onHand: 7 }],
    });
    expect(found).to.include({ open: 1, extraPulses: 2, slotsOff: 1 });
  });
});

describe('soak: lives', () => {
  const life = (pid: number, looks: number, read: (index: number) => { mb: number; files: number }): Look[] =>
    Array.from({ length: looks }, (_, index) => {
      const { mb, files } = read(index);
      return { seconds: index * 10, name: 'daemon', pid, residentMb: mb, descriptors: files };
    });

  it('judges what comes after the warm-up, each life by itself', () => {
    const looks = [
      ...life(1, 60, (index) => ({ mb: index < 20 ? index * 3 : 70, files: 30 })),
      ...life(2, 60, (index) => ({ mb: 70 + index / 10, files: 30 + index / 20 })),
    ];
    const [calm, leaking] = livesOf(looks);
    expect(calm).to.include({ growthMb: 0, growthDescriptors: 0, seconds: 390 });
    expect(leaking?.growthMb).to.be.closeTo(3.9, 1e-9);
    expect(leaking?.growthDescriptors).to.be.closeTo(1.95, 1e-9);
  });

  it('says nothing of a life too short to say something', () => {
    expect(livesOf(life(1, 15, () => ({ mb: 70, files: 30 })))).to.deep.equal([]);
  });
});
