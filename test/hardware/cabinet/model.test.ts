import { expect } from 'chai';
import fc from 'fast-check';
import type { FaultRequest } from '@tessera/hardware/cabinet/faults';
import { CabinetModel, type Past } from '@tessera/hardware/cabinet/model';
import { physics } from '@tessera/hardware/cabinet/physics';
import { newTime, pass, SeededChance, type VirtualTime } from '../support/time.ts';

type Cabinet = {
  readonly time: VirtualTime;
  readonly model: CabinetModel;
  readonly pulse: (slot: number, ms: number) => Promise<void>;
};

function cabinet(past?: Past, seed = 1): Cabinet {
  const time = newTime();
  const chance = new SeededChance(seed);
  const model = new CabinetModel({ clock: time.clock(), scheduler: time, chance, physics, slots: 4, goods: 6 }, past);
  return {
    time,
    model,
    pulse: async (slot, ms) => {
      model.drive({ kind: 'motor', slot }, true);
      await pass(time, ms);
      model.drive({ kind: 'motor', slot }, false);
      await pass(time, 6_000);
    },
  };
}

const goodsOf = (model: CabinetModel, slot: number): number => model.saved().slots[slot - 1]?.goods ?? -1;

describe('hardware: the cabinet as physics', () => {
  it('drops nothing after too short a pulse, one after a right one, two after too long a one', async () => {
    for (const [ms, fallen] of [
      [300, 0],
      [900, 0],
      [1_250, 1],
      [1_800, 1],
      [2_400, 2],
    ] as const) {
      const { model, pulse } = cabinet();
      await pulse(2, ms);
      expect(model.drops, `${String(ms)} ms`).to.have.lengthOf(fallen);
      expect(goodsOf(model, 2)).to.equal(6 - fallen);
      expect(model.saved().tray).to.equal(fallen);
    }
  });

  it('goes on from where the spiral stood: two short pulses make one turn', async () => {
    const { model, pulse } = cabinet();
    await pulse(1, 600);
    expect(model.drops).to.have.lengthOf(0);
    await pulse(1, 700);
    expect(model.drops).to.have.lengthOf(1);
  });

  it('breaks the beam for 5 to 80 ms with each item', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { model, pulse } = cabinet(undefined, seed);
      const edges: { active: boolean; atMs: number }[] = [];
      model.onInput((input, active, atMs) => {
        if (input.kind === 'beam') edges.push({ active, atMs });
      });
      await pulse(3, 1_250);
      expect(edges.map(({ active }) => active)).to.deep.equal([true, false]);
      expect(edges[1]!.atMs - edges[0]!.atMs).to.be.within(5, 80);
    }
  });

  it('has nothing in its beam after a reset, and counts rightly what falls next', async () => {
    const { model, time } = cabinet();
    const readings: boolean[] = [];
    model.onInput((input, active) => {
      if (input.kind === 'beam') readings.push(active);
    });
    model.inject({ slot: 1, fault: 'stray_drop' });
    while (model.drops.length === 0) await pass(time, 1);
    expect(model.read({ kind: 'beam' })).to.equal(true);
    model.reset();
    expect(model.read({ kind: 'beam' })).to.equal(false);
    await pass(time, 200);
    model.inject({ slot: 2, fault: 'stray_drop' });
    await pass(time, 6_000);
    expect(readings).to.deep.equal([true, false, true, false]);
  });

  it('shows the emitter test in the beam, unless the beam is blind or stuck', () => {
    const { model } = cabinet();
    const seen = (): [boolean, boolean] => {
      model.drive({ kind: 'emitter' }, true);
      const dark = model.read({ kind: 'beam' });
      model.drive({ kind: 'emitter' }, false);
      return [dark, model.read({ kind: 'beam' })];
    };
    expect(seen()).to.deep.equal([true, false]);
    model.inject({ fault: 'blind_beam' });
    expect(seen()).to.deep.equal([false, false]);
    model.inject({ device: 'beam', fault: 'stuck_beam' });
    expect(seen()).to.deep.equal([true, true]);
    model.inject({ device: 'beam', fault: 'none' });
    expect(seen()).to.deep.equal([true, false]);
  });

  it('shows motor and home switch as they are: at home, turning, coming home', async () => {
    const { model, time } = cabinet();
    const now = (): [boolean, boolean] => [
      model.read({ kind: 'home', slot: 1 }),
      model.read({ kind: 'current', slot: 1 }),
    ];
    expect(now()).to.deep.equal([true, false]);
    model.drive({ kind: 'motor', slot: 1 }, true);
    await pass(time, 400);
    expect(now()).to.deep.equal([false, true]);
    await pass(time, 860);
    expect(now()).to.deep.equal([true, true]);
    model.drive({ kind: 'motor', slot: 1 }, false);
    expect(now()).to.deep.equal([true, false]);
  });

  it('keeps what hangs until the next turn pushes it down', async () => {
    const { model, pulse } = cabinet();
    model.inject({ slot: 1, fault: 'hang', times: 1 });
    await pulse(1, 1_250);
    expect([model.drops.length, goodsOf(model, 1), model.saved().slots[0]?.hanging]).to.deep.equal([0, 6, 1]);
    await pulse(1, 1_250);
    expect([model.drops.length, goodsOf(model, 1), model.saved().slots[0]?.hanging]).to.deep.equal([2, 4, 0]);
  });

  it('drops late, double, or not at all, as it is broken', async () => {
    const jam = cabinet();
    jam.model.inject({ slot: 1, fault: 'jam' });
    await jam.pulse(1, 3_000);
    expect([jam.model.drops.length, jam.model.saved().slots[0]?.angle]).to.deep.equal([0, 0]);

    const dead = cabinet();
    dead.model.inject({ slot: 1, fault: 'dead_relay' });
    await dead.pulse(1, 3_000);
    expect([dead.model.drops.length, dead.model.saved().slots[0]?.pulses]).to.deep.equal([0, 1]);

    const double = cabinet();
    double.model.inject({ slot: 1, fault: 'double_drop', times: 1 });
    await double.pulse(1, 1_250);
    expect(double.model.drops).to.have.lengthOf(2);
    await double.pulse(1, 1_250);
    expect(double.model.drops).to.have.lengthOf(3);

    const late = cabinet();
    late.model.inject({ slot: 1, fault: 'late_drop', delayMs: 20_000 });
    await late.pulse(1, 1_250);
    expect(late.model.drops).to.have.lengthOf(0);
    await pass(late.time, 20_000);
    expect(late.model.drops).to.have.lengthOf(1);

    const slow = cabinet();
    slow.model.inject({ slot: 1, fault: 'slow_motor' });
    await slow.pulse(1, 1_800);
    expect(slow.model.drops).to.have.lengthOf(0);
  });

  it('refuses faults that make no sense, and changes nothing', () => {
    const { model } = cabinet();
    const wrong = [
      { fault: 'jam' },
      { slot: 9, fault: 'jam' },
      { slot: 1, device: 'beam', fault: 'jam' },
      { slot: 1, fault: 'unplugged' },
      { fault: 'garbage' },
      { device: 'scanner', fault: 'paper_out' },
      { device: 'scanner', fault: 'stuck_beam' },
    ] as const;
    for (const request of wrong) expect(model.inject(request), JSON.stringify(request)).to.be.a('string');
    expect(model.faults).to.deep.equal({ slots: [], beam: null, devices: [] });
  });

  it('is the same cabinet after its process died in the middle of a turn or a fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3_000 }), async (diesAtMs) => {
        const before = cabinet();
        before.model.drive({ kind: 'motor', slot: 1 }, true);
        await pass(before.time, diesAtMs);
        const left = { saved: before.model.saved(), drops: [...before.model.drops] };
        const after = cabinet(JSON.parse(JSON.stringify(left)) as Past);
        expect(after.model.saved().slots[0]?.relay).to.equal(true);
        after.model.drive({ kind: 'motor', slot: 1 }, false);
        await pass(after.time, 3_000);
        const { drops } = after.model;
        expect(goodsOf(after.model, 1) + drops.length).to.equal(6);
        expect(new Set(drops.map(({ item }) => item)).size).to.equal(drops.length);
        expect(drops.map(({ seq }) => seq)).to.deep.equal(drops.map((_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });

  it('loses and invents nothing, however it is driven and broken', async () => {
    const acts = fc.array(
      fc.record({
        slot: fc.integer({ min: 1, max: 4 }),
        ms: fc.integer({ min: 0, max: 4_000 }),
        fault: fc.constantFrom<FaultRequest['fault'][]>(
          'none',
          'hang',
          'double_drop',
          'late_drop',
          'slow_motor',
          'jam',
          'stray_drop',
        ),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        const { model, time } = cabinet();
        for (const { slot, ms, fault } of script) {
          model.inject({ slot, fault });
          model.drive({ kind: 'motor', slot }, ms % 2 === 0);
          await pass(time, ms);
        }
        const { slots, falling, tray } = model.saved();
        const inside = slots.reduce((sum, { goods }) => sum + goods, 0);
        expect(inside + falling.length + model.drops.length).to.equal(24);
        expect(tray).to.equal(model.drops.length);
        for (const { goods, hanging } of slots) expect(goods).to.be.at.least(hanging);
      }),
      { numRuns: 60 },
    );
  });
});
