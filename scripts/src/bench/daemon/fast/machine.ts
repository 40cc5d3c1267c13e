import { setImmediate as macrotask, setTimeout as sleep } from 'node:timers/promises';
import { inProcessInputs, inProcessOutputs } from '@tessera/hardware/cabinet/in-process-lines';
import { CabinetLines } from '@tessera/hardware/cabinet/lines';
import { CabinetModel } from '@tessera/hardware/cabinet/model';
import { physics } from '@tessera/hardware/cabinet/physics';
import { SpiralDispenser } from '@tessera/hardware/devices/dispenser';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { GuardCore } from '@tessera/hardware/guard/core';
import { inProcessGuard } from '@tessera/hardware/guard/in-process';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { systemChance, systemClock } from '@tessera/hardware/platform/system';
import { guardedLines } from '@tessera/hardware/wiring';
import type { Wiring } from '@tessera/hardware/ports';
import { FastTime } from './fast-time.ts';

const GOODS = 10;
/** In the machine's time: how long a gift lies in the tray. */
const TAKEN_AFTER_MS = 500;
/** The cabinet's history is cut here: it is not the daemon's memory that is to grow with it. */
const DROPS_KEPT = 50;
/** The most real time that one step of the machine makes up for. */
const MOST_STEP_MS = 10;

/** Cabinet, guard and dispenser in this process, `speed` times faster than real ones; people take what falls and refill. */
export async function startMachine(wiring: Wiring, speed: number): Promise<SpiralDispenser> {
  const time = new FastTime(() => systemClock.nowMs());
  const both = { clock: time, scheduler: time };
  const slots = wiring.slots.length;
  const model = new CabinetModel({ ...both, chance: systemChance, physics, slots, goods: GOODS });
  model.onDrop(({ slot }) => {
    time.after(TAKEN_AFTER_MS, () => {
      model.pickUp();
      if (model.drops.length >= DROPS_KEPT) model.reset();
      else model.setGoods(slot, GOODS);
    });
  });
  const lines = new CabinetLines(model, wiring);
  const core = new GuardCore({
    ...both,
    driver: inProcessOutputs(lines),
    lines: guardedLines(wiring),
    timeouts: guardTimeouts,
    failpoints: { hit: () => undefined },
    deputy: { alive: true, driving: () => undefined, letGo: () => undefined, onAlive: () => undefined },
    log: () => undefined,
  });
  await core.start();
  const guard = inProcessGuard(core, { scheduler: time, timeouts: guardTimeouts });
  void run(time, speed);
  return new SpiralDispenser({ ...both, guard, inputs: inProcessInputs(lines), wiring, timeouts: deviceTimeouts });
}

async function run(time: FastTime, speed: number): Promise<never> {
  for (let last = systemClock.monotonicMs(); ;) {
    await sleep(1);
    const now = systemClock.monotonicMs();
    await time.advance(Math.min(now - last, MOST_STEP_MS) * speed, macrotask);
    last = now;
  }
}
