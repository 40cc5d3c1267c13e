import { expect } from 'chai';
import fc from 'fast-check';
import { fake } from 'sinon';
import { SeededChance } from '../../scripts/src/simulate/seeded-chance.ts';
import { VirtualTime } from '../../scripts/src/simulate/virtual-time.ts';

describe('virtual time', () => {
  it('runs entries by time, ties in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (delays) => {
        const time = new VirtualTime(1000);
        const seen: [number, number][] = [];
        delays.forEach((delay, index) => time.after(delay, () => seen.push([time.nowMs - 1000, index])));
        await time.run(() => false);
        const expected = delays.map((delay, index): [number, number] => [delay, index]);
        expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(seen).to.deep.equal(expected);
      }),
    );
  });

  it('lets promises settle between two entries', async () => {
    const time = new VirtualTime(0);
    const seen: string[] = [];
    time.after(1, () => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => seen.push('settled'));
    });
    time.after(1, () => seen.push('next'));
    await time.run(() => false);
    expect(seen).to.deep.equal(['settled', 'next']);
  });

  it('forgets what was cancelled', async () => {
    const time = new VirtualTime(0);
    const run = fake();
    time.after(5, run)();
    await time.run(() => false);
    expect(run.called).to.equal(false);
    expect(time.nowMs).to.equal(5);
  });
});

describe('seeded chance', () => {
  it('gives the same bytes for the same seed, and other bytes for another', () => {
    const bytes = (seed: number) => Buffer.from(new SeededChance(seed).bytes(32)).toString('hex');
    expect(bytes(7)).to.equal(bytes(7));
    expect(bytes(7)).not.to.equal(bytes(8));
  });

  it('is spread evenly enough to be trusted with probabilities', () => {
    const chance = new SeededChance(42);
    const hits = Array.from({ length: 20_000 }, () => chance.happens(0.3)).filter(Boolean).length;
    expect(hits / 20_000).to.be.within(0.28, 0.32);
    const buckets = new Map<number, number>();
    for (let n = 0; n < 20_000; n += 1) {
      const value = chance.integer(10);
      buckets.set(value, (buckets.get(value) ?? 0) + 1);
    }
    for (const count of buckets.values()) expect(count).to.be.within(1800, 2200);
  });
});
