import { expect } from 'chai';
import * as fc from 'fast-check';
import { FastTime } from '@tessera/scripts/bench/daemon/fast/fast-time';
import { growthOf } from '@tessera/scripts/bench/daemon/growth';
import { median, robustSlope } from '@tessera/scripts/bench/statistics';
import { parseCpuMs, parseMemory } from '@tessera/scripts/harness/processes';

describe('bench: statistics', () => {
  it('takes the middle, between the two in the middle where they are even', () => {
    expect(median([])).to.equal(0);
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
  });

  it('finds the slope of a line although every fifth point is wild', () => {
    const point = fc.record({ wild: fc.double({ min: -1e6, max: 1e6, noNaN: true }) });
    const run = fc.array(point, { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(run, fc.integer({ min: -50, max: 50 }), (wilds, slope) => {
        const points = wilds.map(({ wild }, x) => ({ x, y: x % 5 === 2 ? wild : 7 + slope * x }));
        expect(robustSlope(points)).to.be.closeTo(slope, 1e-9);
      }),
    );
  });

  it('knows no slope of one place', () => {
    expect(robustSlope([])).to.equal(0);
    expect(
      robustSlope([
        { x: 1, y: 1 },
        { x: 1, y: 5 },
      ]),
    ).to.equal(0);
  });
});

describe('bench: memory of a process', () => {
  it('reads resident and peak in MB', () => {
    const status =
      'Name:\tnode\nVmPeak:\t 1100000 kB\nVmHWM:\t   90000 kB\nVmRSS:\t   80000 kB\nRssAnon:\t   40000 kB\n';
    expect(parseMemory(status)).to.deep.equal({ residentMb: 81.92, peakMb: 92.16 });
  });

  it('reads the time of a processor behind a name that looks like more fields', () => {
    const stat = '42 (node) S 1) S 1 42 42 0 -1 4194560 9 0 0 0 73 11 0 0 20 0 11 0 100 1000 200';
    expect(parseCpuMs(stat)).to.equal(840);
    expect(() => parseCpuMs('')).to.throw('tells no time');
  });

  it('throws for a process that has ended', () => {
    expect(() => parseMemory('Name:\tnode\nState:\tZ (zombie)\n')).to.throw('VmRSS');
  });

  it('counts growth after the warm-up alone', () => {
    const sample = (redemptions: number, residentMb: number) => ({ redemptions, residentMb, peakMb: 99 });
    const flat = [sample(10, 40), sample(20, 80), sample(40, 80), sample(60, 80), sample(80, 80), sample(100, 80)];
    expect(growthOf(flat)).to.deep.equal({ residentMb: 80, peakMb: 99, growthMb: 0, fromRedemption: 20 });
    const leaking = flat.map((each) => ({ ...each, residentMb: 80 + each.redemptions / 10 }));
    expect(growthOf(leaking).growthMb).to.be.closeTo(8, 1e-9);
  });
});

describe('bench: fast time', () => {
  const settle = (): Promise<void> => Promise.resolve();

  it('stops at every entry, in order, also at those made on the way', async () => {
    const time = new FastTime(() => 0);
    const seen: string[] = [];
    const see = (name: string) => (): void => void seen.push(`${name} ${String(time.monotonicMs())}`);
    time.after(30, see('late'));
    time.after(10, () => {
      see('first')();
      time.after(5, see('made'));
    });
    time.after(10, see('second'));
    const cancel = time.after(20, see('never'));
    cancel();
    await time.advance(29, settle);
    expect(seen).to.deep.equal(['first 10', 'second 10', 'made 15']);
    await time.advance(1, settle);
    expect(seen.at(-1)).to.equal('late 30');
  });

  it('leaves the wall clock alone', async () => {
    const time = new FastTime(() => 1_234);
    await time.advance(1_000, settle);
    expect(time.nowMs()).to.equal(1_234);
    expect(time.monotonicMs()).to.equal(1_000);
  });
});
