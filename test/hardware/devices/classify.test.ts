import { expect } from 'chai';
import fc from 'fast-check';
import { classify, type VendSight } from '@tessera/hardware/devices/classify';

const beam = fc.constantFrom<VendSight['beamBefore'][]>('alive', 'dead', 'untested');
const sights: fc.Arbitrary<VendSight> = fc.record({
  drops: fc.nat(4),
  noise: fc.boolean(),
  beamBefore: beam,
  beamAfter: beam,
  rotated: fc.constantFrom<VendSight['rotated'][]>('yes', 'no', 'unknown'),
  pulse: fc.constantFrom<VendSight['pulse'][]>('done', 'refused', 'lost'),
  pulseMs: fc.option(fc.nat(2_000), { nil: undefined }),
  sensorsLost: fc.boolean(),
});

const good: VendSight = {
  drops: 0,
  noise: false,
  beamBefore: 'alive',
  beamAfter: 'alive',
  rotated: 'yes',
  pulse: 'done',
  pulseMs: 1_250,
  sensorsLost: false,
};

describe('hardware: what a vend came to', () => {
  it('is dropped exactly where the slot was driven and the sensor saw a drop', () => {
    fc.assert(
      fc.property(sights, (sight) => {
        expect(classify(sight).outcome === 'dropped').to.equal(sight.drops > 0 && sight.pulse !== 'refused');
      }),
    );
  });

  it('is not_dropped only with proof: nothing driven, no rotation, or a beam alive before and after', () => {
    fc.assert(
      fc.property(sights, (sight) => {
        const { outcome } = classify(sight);
        const wholeSight = sight.pulse === 'done' && !sight.sensorsLost && !sight.noise;
        const provenBeam = sight.beamBefore === 'alive' && sight.beamAfter === 'alive';
        const absent =
          sight.drops === 0 && (sight.pulse === 'refused' || (wholeSight && (sight.rotated === 'no' || provenBeam)));
        expect(outcome === 'not_dropped').to.equal(absent);
      }),
    );
  });

  it('is unknown without an edge where neither emitter test nor home switch can tell', () => {
    expect(classify({ ...good, beamBefore: 'untested', beamAfter: 'untested', rotated: 'unknown' })).to.deep.include({
      outcome: 'unknown',
      mayHang: true,
    });
  });

  it('books every drop after the first as extra, and none where nothing was credited', () => {
    fc.assert(
      fc.property(sights, (sight) => {
        const report = classify(sight);
        expect(report.extraDrops).to.equal(report.outcome === 'dropped' ? sight.drops - 1 : 0);
      }),
    );
  });

  it('quarantines a slot that may have turned without giving anything', () => {
    expect(classify(good).mayHang).to.equal(true);
    expect(classify({ ...good, drops: 1 }).mayHang).to.equal(false);
    expect(classify({ ...good, rotated: 'no' }).mayHang).to.equal(false);
    expect(classify({ ...good, pulse: 'refused' }).mayHang).to.equal(false);
    expect(classify({ ...good, pulse: 'lost' }).mayHang).to.equal(true);
  });

  it('never credits a drop to a vend that was never energised', () => {
    expect(classify({ ...good, pulse: 'refused', drops: 1 })).to.deep.include({ outcome: 'unknown' });
  });
});
