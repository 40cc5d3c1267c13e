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

  const reasons: [Partial<VendSight>, string, string][] = [
    [{ drops: 1 }, 'dropped', 'drop_seen'],
    [{ pulse: 'refused' }, 'not_dropped', 'never_energised'],
    [{ pulse: 'refused', drops: 1 }, 'unknown', 'drop_without_pulse'],
    [{ sensorsLost: true, rotated: 'no' }, 'unknown', 'sensors_lost'],
    [{ pulse: 'lost', rotated: 'no' }, 'unknown', 'guard_lost'],
    [{ noise: true, rotated: 'no' }, 'unknown', 'beam_noise'],
    [{ rotated: 'no', beamAfter: 'dead' }, 'not_dropped', 'no_rotation'],
    [{}, 'not_dropped', 'beam_clear'],
    [{ beamBefore: 'dead', beamAfter: 'alive' }, 'unknown', 'beam_blind'],
    [{ beamBefore: 'untested', beamAfter: 'dead' }, 'unknown', 'beam_blind'],
    [{ beamBefore: 'untested', beamAfter: 'alive' }, 'unknown', 'beam_untested'],
  ];
  for (const [change, outcome, reason] of reasons) {
    it(`says ${reason} with what it comes to: ${JSON.stringify(change)}`, () => {
      const report = classify({ ...good, ...change });
      expect([report.outcome, report.evidence.reason]).to.deep.equal([outcome, reason]);
    });
  }

  it('hands on what was seen, and of a pulse that was refused that nothing turned', () => {
    const { drops, beamBefore, rotated, pulseMs } = classify({ ...good, drops: 2, beamBefore: 'dead' }).evidence;
    expect({ drops, beamBefore, rotated, pulseMs }).to.deep.equal({
      drops: 2,
      beamBefore: 'dead',
      rotated: 'yes',
      pulseMs: 1_250,
    });
    const refused = classify({ ...good, pulse: 'refused', rotated: 'unknown', pulseMs: undefined }).evidence;
    expect(refused).not.to.have.property('pulseMs');
    expect(refused.rotated).to.equal('no');
  });

  it('keeps the count of drops within what a report may say', () => {
    const report = classify({ ...good, drops: 150 });
    expect([report.evidence.drops, report.extraDrops]).to.deep.equal([99, 149]);
  });
});
