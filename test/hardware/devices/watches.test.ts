import { expect } from 'chai';
import fc from 'fast-check';
import { BeamWatch } from '@tessera/hardware/devices/beam-watch';
import { Repeats } from '@tessera/hardware/devices/repeats';
import { RotationWatch } from '@tessera/hardware/devices/rotation';
import { demoWiring } from '@tessera/hardware/wiring';
import { newTime, pass } from '../support/time.ts';

/** A beam that was broken for these times, in ms, one after the other. */
function brokenFor(...times: readonly number[]): BeamWatch {
  const watch = new BeamWatch();
  let atMs = 1_000;
  for (const lastsMs of times) {
    watch.see({ active: true, atMs });
    watch.see({ active: false, atMs: atMs + lastsMs });
    atMs += lastsMs + 100;
  }
  return watch;
}

describe('hardware: what the beam saw', () => {
  it('counts whatever breaks the beam as long as an item does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 5, max: 80 }), { maxLength: 9 }), (times) => {
        const watch = brokenFor(...times);
        expect([watch.drops, watch.noise]).to.deep.equal([times.length, false]);
      }),
    );
  });

  it('calls a spark, and a hand in the beam, noise and no drop', () => {
    for (const lastsMs of [0, 0.4, 1, 401, 5_000]) {
      const watch = brokenFor(lastsMs);
      expect([watch.drops, watch.noise], `${String(lastsMs)} ms`).to.deep.equal([0, true]);
    }
  });

  it('takes the shortest and the longest drop for one, and nothing beyond', () => {
    for (const [lastsMs, drops] of [
      [1.9, 0],
      [2, 1],
      [400, 1],
      [400.1, 0],
    ] as const) {
      expect(brokenFor(lastsMs).drops, `${String(lastsMs)} ms`).to.equal(drops);
    }
  });

  it('says at which edge a drop was whole, and makes nothing of a beam that was free all along', () => {
    const watch = new BeamWatch();
    expect(watch.see({ active: false, atMs: 100 })).to.equal(false);
    expect([watch.drops, watch.noise]).to.deep.equal([0, false]);
    expect(watch.see({ active: true, atMs: 200 })).to.equal(false);
    expect(watch.see({ active: false, atMs: 220 })).to.equal(true);
    expect(watch.broken).to.equal(false);
  });

  it('takes a beam that is still broken for no drop', () => {
    const watch = new BeamWatch();
    watch.see({ active: true, atMs: 0 });
    expect([watch.drops, watch.noise, watch.broken]).to.deep.equal([0, true, true]);
  });
});

describe('hardware: what home switch and current saw', () => {
  const slot = demoWiring(1).slots[0]!;
  const home = (active: boolean): { line: number; active: boolean; atMs: number } => ({
    line: slot.home!,
    active,
    atMs: 0,
  });
  const current = { line: slot.current!, active: true, atMs: 0 };

  it('proves no rotation only where nothing moved and no current flowed', () => {
    const still = new RotationWatch(slot, true);
    expect(still.rotated).to.equal('no');
    still.see(current);
    expect(still.rotated).to.equal('unknown');
    still.see(home(false));
    expect(still.rotated).to.equal('yes');
    expect(new RotationWatch({ ...slot, home: null, current: null }, false).rotated).to.equal('unknown');
    expect(new RotationWatch({ ...slot, current: null }, true).rotated).to.equal('no');
  });

  it('knows when the spiral comes home, from wherever it started', () => {
    const fromHome = new RotationWatch(slot, true);
    expect([home(true), home(false), home(true)].map((edge) => fromHome.see(edge))).to.deep.equal([false, false, true]);
    const fromBetween = new RotationWatch(slot, false);
    expect(fromBetween.see(home(true))).to.equal(true);
  });

  it('takes the edge of any other line for nothing', () => {
    const between = new RotationWatch(slot, false);
    expect(between.see({ line: 9_999, active: true, atMs: 0 })).to.equal(false);
    expect(between.see(current)).to.equal(false);
    expect(new RotationWatch({ ...slot, current: null }, true).rotated).to.equal('no');
    const still = new RotationWatch(slot, true);
    still.see({ line: 9_999, active: true, atMs: 0 });
    still.see({ ...current, active: false });
    expect(still.rotated).to.equal('no');
  });
});

describe('hardware: repeats of a reader', () => {
  it('swallows a text for as long as it keeps coming, also where two take turns', async () => {
    const time = newTime();
    const repeats = new Repeats(time.clock(), 3_000);
    expect(['a', 'b', 'a', 'b'].map((text) => repeats.isNew(text))).to.deep.equal([true, true, false, false]);
    await pass(time, 2_900);
    expect(repeats.isNew('a')).to.equal(false);
    await pass(time, 2_900);
    expect(['a', 'b'].map((text) => repeats.isNew(text))).to.deep.equal([false, true]);
    await pass(time, 3_100);
    expect(repeats.isNew('a')).to.equal(true);
  });

  it('takes a text for the same as long as it was last seen within the time, not a moment longer', async () => {
    const time = newTime();
    const repeats = new Repeats(time.clock(), 3_000);
    repeats.isNew('a');
    await pass(time, 3_000);
    expect(repeats.isNew('a')).to.equal(false);
    await pass(time, 3_001);
    expect(repeats.isNew('a')).to.equal(true);
  });
});
