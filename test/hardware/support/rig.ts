import { noFailpoints } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { inProcessInputs, inProcessOutputs } from '@tessera/hardware/cabinet/in-process-lines';
import { CabinetLines } from '@tessera/hardware/cabinet/lines';
import { CabinetModel } from '@tessera/hardware/cabinet/model';
import { physics } from '@tessera/hardware/cabinet/physics';
import { SpiralDispenser } from '@tessera/hardware/devices/dispenser';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { GuardCore } from '@tessera/hardware/guard/core';
import { inProcessGuard } from '@tessera/hardware/guard/in-process';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import type { InputDriver, VendReport, Wiring } from '@tessera/hardware/ports';
import { demoWiring, guardedLines } from '@tessera/hardware/wiring';
import { newTime, SeededChance, settle, type VirtualTime } from './time.ts';

/** A deputy that is always there and never has to act. */
export const quietDeputy = {
  alive: true,
  driving: (): undefined => undefined,
  letGo: (): undefined => undefined,
  onAlive: (): undefined => undefined,
};

export type Rig = {
  readonly time: VirtualTime;
  readonly model: CabinetModel;
  readonly lines: CabinetLines;
  readonly outputs: ReturnType<typeof inProcessOutputs>;
  readonly guard: ReturnType<typeof inProcessGuard>;
  readonly dispenser: SpiralDispenser;
  readonly wiring: Wiring;
  readonly vend: (slot: number) => Promise<VendReport>;
  /** Cuts the cable of all sensors; they may be opened again at once. */
  readonly unplugSensors: () => void;
};

function pluggable(inputs: InputDriver): { inputs: InputDriver; unplugSensors: () => void } {
  const losers: (() => void)[] = [];
  return {
    inputs: {
      async open(lines) {
        const opened = await inputs.open(lines);
        return opened.ok ? ok({ ...opened.value, onLost: (listener) => void losers.push(listener) }) : opened;
      },
    },
    unplugSensors: () => {
      for (const lose of losers.splice(0)) lose();
    },
  };
}

/** Cabinet, guard and dispenser in one process on virtual time. */
export async function rig(change: (wiring: Wiring) => Wiring = (wiring) => wiring, seed = 1): Promise<Rig> {
  const time = newTime();
  const clock = time.clock();
  const wiring = change(demoWiring(8));
  const chance = new SeededChance(seed);
  const model = new CabinetModel({ clock, scheduler: time, chance, physics, slots: 8, goods: 5 });
  const lines = new CabinetLines(model, demoWiring(8));
  const outputs = inProcessOutputs(lines);
  const core = new GuardCore({
    driver: outputs,
    lines: guardedLines(wiring),
    clock,
    scheduler: time,
    timeouts: guardTimeouts,
    failpoints: noFailpoints,
    deputy: quietDeputy,
    log: () => undefined,
  });
  await core.start();
  const guard = inProcessGuard(core, { scheduler: time, timeouts: guardTimeouts });
  const { inputs, unplugSensors } = pluggable(inProcessInputs(lines));
  const dispenser = new SpiralDispenser({
    guard,
    inputs,
    wiring,
    clock,
    scheduler: time,
    timeouts: deviceTimeouts,
  });
  await settle(time, dispenser.start());
  const vend = async (slot: number): Promise<VendReport> => {
    const prepared = await settle(time, dispenser.prepare(slot));
    if (!prepared.ok) throw new Error(prepared.error.detail);
    return settle(
      time,
      prepared.value.energise(() => undefined),
    );
  };
  return { time, model, lines, outputs, guard, dispenser, wiring, vend, unplugSensors };
}
