import { expect } from 'chai';
import fc from 'fast-check';
import type { SlotFault } from '@tessera/hardware/cabinet/faults';
import type { Outcome } from '@tessera/shared/protocol/kiosk-parts';
import { pass, settle } from '../support/time.ts';
import { rig } from '../support/rig.ts';

describe('hardware: the dispenser on the cabinet', () => {
  it('gives one gift and stops the spiral at home', async () => {
    const { vend, model, wiring } = await rig();
    const report = await vend(3);
    expect(report).to.deep.include({ outcome: 'dropped', extraDrops: 0, mayHang: false });
    expect(report.evidence).to.deep.include({ beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', drops: 1 });
    expect(report.evidence.pulseMs).to.be.lessThan(wiring.slots[2]!.pulseMs);
    expect(model.drops.map(({ slot }) => slot)).to.deep.equal([3]);
    expect(model.read({ kind: 'home', slot: 3 })).to.equal(true);
  });

  it('gives as many gifts as it is asked for, however often, and never one more', async () => {
    const { vend, model } = await rig();
    for (let round = 1; round <= 5; round += 1) {
      expect((await vend(1)).outcome).to.equal('dropped');
      expect(model.drops).to.have.lengthOf(round);
    }
    expect(await vend(1)).to.deep.include({ outcome: 'not_dropped', mayHang: true });
    expect(model.drops).to.have.lengthOf(5);
  });

  const rows: [SlotFault, Outcome, { extraDrops?: number; mayHang: boolean; fallen: number }][] = [
    ['jam', 'not_dropped', { mayHang: true, fallen: 0 }],
    ['hang', 'not_dropped', { mayHang: true, fallen: 0 }],
    ['slow_motor', 'not_dropped', { mayHang: true, fallen: 0 }],
    ['dead_relay', 'not_dropped', { mayHang: false, fallen: 0 }],
    ['late_drop', 'not_dropped', { mayHang: true, fallen: 0 }],
    ['double_drop', 'dropped', { extraDrops: 1, mayHang: false, fallen: 2 }],
    ['stuck_home', 'dropped', { mayHang: false, fallen: 1 }],
  ];
  for (const [fault, outcome, { extraDrops = 0, mayHang, fallen }] of rows) {
    it(`tells the truth about ${fault}`, async () => {
      const { vend, model } = await rig();
      model.inject({ slot: 2, fault });
      expect(await vend(2)).to.deep.include({ outcome, extraDrops, mayHang });
      expect(model.drops).to.have.lengthOf(fallen);
    });
  }

  it('calls a drop that comes after its vend stray', async () => {
    const { vend, model, time, dispenser } = await rig();
    const strays: number[] = [];
    dispenser.onStrayDrop((atMs) => strays.push(atMs));
    model.inject({ slot: 2, fault: 'late_drop' });
    expect((await vend(2)).outcome).to.equal('not_dropped');
    await pass(time, 5_000);
    expect(strays).to.have.lengthOf(1);
    expect(model.drops).to.have.lengthOf(1);
  });

  it('credits nobody with what fell too soon to be theirs: a late drop of the vend before', async () => {
    const { vend, model, time, dispenser } = await rig();
    const strays: number[] = [];
    dispenser.onStrayDrop((atMs) => strays.push(atMs));
    model.inject({ slot: 2, fault: 'late_drop', delayMs: 4_000 });
    expect((await vend(2)).outcome).to.equal('not_dropped');
    await pass(time, 2_200);
    model.inject({ slot: 5, fault: 'jam' });
    const report = await vend(5);
    expect(model.drops.map(({ slot }) => slot)).to.deep.equal([2]);
    expect(report).to.deep.include({ outcome: 'not_dropped', extraDrops: 0, mayHang: true });
    expect(strays).to.have.lengthOf(1);
  });

  it('promises nothing while it cannot see: beam blind or blocked, door open, guard gone', async () => {
    const { model, time, dispenser, guard } = await rig();
    const refusal = async (): Promise<string> => {
      const prepared = await settle(time, dispenser.prepare(1));
      return prepared.ok ? 'promised' : prepared.error.code;
    };
    model.inject({ fault: 'blind_beam' });
    expect(await refusal()).to.equal('refused');
    model.inject({ fault: 'stuck_beam' });
    expect(await refusal()).to.equal('refused');
    model.inject({ fault: 'none' });
    model.setDoor(true);
    expect(await refusal()).to.equal('refused');
    model.setDoor(false);
    guard.close();
    expect(await refusal()).to.equal('gone');
    expect(model.saved().slots.every(({ pulses }) => pulses === 0)).to.equal(true);
  });

  it('does not know what a beam that went blind during the vend would have seen', async () => {
    const { model, time, dispenser } = await rig();
    const prepared = await settle(time, dispenser.prepare(4));
    if (!prepared.ok) throw new Error(prepared.error.detail);
    model.inject({ fault: 'blind_beam' });
    const report = await settle(
      time,
      prepared.value.energise(() => undefined),
    );
    expect(report.outcome).to.equal('unknown');
    expect(report.evidence.reason).to.equal('beam_blind');
    expect(model.drops).to.have.lengthOf(1);
    expect(dispenser.health.beam).to.equal('unknown');
  });

  it('does not know how a vend ended whose guard was lost before anything fell', async () => {
    const { model, time, dispenser, guard } = await rig();
    const prepared = await settle(time, dispenser.prepare(4));
    if (!prepared.ok) throw new Error(prepared.error.detail);
    const running = prepared.value.energise(() => undefined);
    time.after(300, () => guard.close());
    expect((await settle(time, running)).outcome).to.equal('unknown');
    expect(model.saved().slots[3]?.relay).to.equal(false);
  });

  it('does not know what sensors that were unplugged during the vend would have seen, and proves the beam again', async () => {
    const { model, time, dispenser, unplugSensors } = await rig();
    model.inject({ slot: 4, fault: 'hang' });
    const prepared = await settle(time, dispenser.prepare(4));
    if (!prepared.ok) throw new Error(prepared.error.detail);
    const running = prepared.value.energise(() => undefined);
    time.after(100, unplugSensors);
    expect((await settle(time, running)).outcome).to.equal('unknown');
    await pass(time, 2_000);
    expect(dispenser.health).to.deep.include({ sensors: true, beam: 'clear' });
    expect(model.saved().slots[3]?.relay).to.equal(false);
  });

  it('never claims absence without emitter or home switch', async () => {
    const { vend, model } = await rig((wiring) => ({
      ...wiring,
      beam: { ...wiring.beam, emitter: null },
      slots: wiring.slots.map((slot) => ({ ...slot, home: null, current: null, pulseMs: 1_250 })),
    }));
    expect((await vend(1)).outcome).to.equal('dropped');
    model.inject({ slot: 2, fault: 'jam' });
    expect(await vend(2)).to.deep.include({ outcome: 'unknown', mayHang: true });
  });

  it('runs one vend at a time, and a prepared vend once or not at all', async () => {
    const { time, dispenser, model } = await rig();
    const first = await settle(time, dispenser.prepare(1));
    if (!first.ok) throw new Error(first.error.detail);
    expect(await settle(time, dispenser.prepare(2))).to.deep.include({ ok: false });
    first.value.cancel();
    const second = await settle(time, dispenser.prepare(2));
    if (!second.ok) throw new Error(second.error.detail);
    await settle(
      time,
      second.value.energise(() => undefined),
    );
    expect(() => void second.value.energise(() => undefined)).to.throw('at most once');
    expect(model.drops).to.have.lengthOf(1);
  });

  it('drives nothing where the world changed between promise and pulse', async () => {
    const { time, dispenser, model } = await rig();
    const prepared = await settle(time, dispenser.prepare(1));
    if (!prepared.ok) throw new Error(prepared.error.detail);
    model.setDoor(true);
    const report = await settle(
      time,
      prepared.value.energise(() => undefined),
    );
    expect(report).to.deep.include({ outcome: 'not_dropped', mayHang: false });
    expect(report.evidence.reason).to.equal('never_energised');
    expect(model.saved().slots[0]?.pulses).to.equal(0);
    model.setDoor(false);
    expect((await settle(time, dispenser.prepare(1))).ok).to.equal(true);
  });

  it('promises at once what it proved a moment ago, and proves anew after a turn or a while', async () => {
    const { time, dispenser, vend } = await rig();
    const prepare = async (): Promise<number> => {
      const startedMs = time.nowMs;
      const prepared = await settle(time, dispenser.prepare(1));
      if (prepared.ok) prepared.value.cancel();
      return time.nowMs - startedMs;
    };
    // The first test of all runs by itself.
    await pass(time, 500);
    const tested = await prepare();
    expect(tested).to.be.at.least(30);
    expect(await prepare()).to.equal(0);
    await pass(time, 21_000);
    expect(await prepare()).to.equal(tested);
    await vend(1);
    expect(await prepare()).to.equal(tested);
  });

  it('lights the tray until the gift is taken', async () => {
    const { time, vend, model } = await rig();
    model.inject({ slot: 2, fault: 'jam' });
    await vend(2);
    await pass(time, 10);
    expect(model.saved().indicator).to.equal(false);
    await vend(1);
    await pass(time, 10);
    expect(model.saved().indicator).to.equal(true);
    model.pickUp();
    await pass(time, 10);
    expect(model.saved().indicator).to.equal(false);
  });

  it('says dropped only where something fell, and not_dropped only where nothing did, whatever is broken', async () => {
    const slotFaults = fc.constantFrom<SlotFault[]>(
      'jam',
      'hang',
      'slow_motor',
      'dead_relay',
      'double_drop',
      'stuck_home',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(slotFaults, { maxLength: 3 }),
        fc.constantFrom<('none' | 'blind_beam' | 'stuck_beam')[]>('none', 'blind_beam', 'stuck_beam'),
        fc.nat(3_000),
        fc.nat(1_000),
        async (faults, beamFault, breaksAtMs, seed) => {
          const { time, dispenser, model } = await rig((wiring) => wiring, seed);
          for (const fault of faults) model.inject({ slot: 1, fault });
          const prepared = await settle(time, dispenser.prepare(1));
          if (!prepared.ok) throw new Error(prepared.error.detail);
          const running = prepared.value.energise(() => undefined);
          time.after(breaksAtMs, () => {
            if (beamFault !== 'none') model.inject({ fault: beamFault });
          });
          const { outcome } = await settle(time, running);
          if (outcome === 'dropped') expect(model.drops).to.not.have.lengthOf(0);
          if (outcome === 'not_dropped') expect(model.drops).to.have.lengthOf(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
