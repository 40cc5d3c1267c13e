import { setTimeout as sleep } from 'node:timers/promises';
import { beamFaults, serialDevices, slotFaults } from '@tessera/hardware/cabinet/faults';
import type { World } from '../harness/world.ts';
import type { SeededChance } from '../simulate/seeded-chance.ts';

/** What has been done to the machine. */
export type Tally = {
  faults: number;
  kills: number;
  /** Faults that can drop a gift that nobody pays for. */
  generous: number;
};

/** Each may let a gift fall beside its vend: late, twice, or by itself; what hangs falls with the next. */
const generous: ReadonlySet<string> = new Set(['late_drop', 'double_drop', 'stray_drop', 'hang']);
const deviceFaults = ['unplugged', 'garbage', 'silence'] as const;
const victims = ['daemon', 'guard', 'server', 'link'] as const;
/** A struck slot is often not the next one asked for: several are struck at once. */
const SLOTS_STRUCK = 3;

const between = (chance: SeededChance, leastMs: number, mostMs: number): number =>
  leastMs + chance.integer(mostMs - leastMs);

/** Breaks something of the cabinet, for some seconds where it does not use itself up. */
async function breakOne(world: World, chance: SeededChance, tally: Tally): Promise<void> {
  const { cabinet } = world;
  const kind = chance.pick(['slot', 'slot', 'slot', 'beam', 'device'] as const);
  tally.faults += 1;
  if (kind === 'slot') {
    const slots = (await cabinet.state()).slots.map(({ slot }) => slot);
    const fault = chance.pick(slotFaults);
    const struck = fault === 'stray_drop' ? 1 : SLOTS_STRUCK;
    if (generous.has(fault)) tally.generous += struck;
    for (let strike = 0; strike < struck; strike += 1) {
      await cabinet.fault({ slot: chance.pick(slots), fault, times: 1 });
    }
    return;
  }
  const device = kind === 'beam' ? kind : chance.pick(serialDevices);
  const fault = kind === 'beam' ? chance.pick(beamFaults) : chance.pick(deviceFaults);
  await cabinet.fault(kind === 'beam' ? { fault } : { device, fault });
  await sleep(between(chance, 2_000, 8_000));
  await cabinet.mend({ device });
}

/** Breaks one thing after another while `goesOn`. */
export async function breakThings(
  world: World,
  chance: SeededChance,
  { goesOn, tally, say }: { goesOn: () => boolean; tally: Tally; say: (line: string) => void },
): Promise<void> {
  while (goesOn()) {
    await breakOne(world, chance, tally).catch((error: unknown) => say(`Nothing was broken: ${String(error)}`));
    await sleep(between(chance, 1_000, 8_000));
  }
}

/** Kills one process after another outright while `goesOn`; the supervisor starts each again. */
export async function killThings(
  { supervisor }: World,
  chance: SeededChance,
  { goesOn, tally, say }: { goesOn: () => boolean; tally: Tally; say: (line: string) => void },
): Promise<void> {
  while (goesOn()) {
    await sleep(between(chance, 8_000, 30_000));
    const victim = chance.pick(victims);
    const pid = supervisor.pids()[victim];
    if (pid === undefined || !goesOn()) continue;
    try {
      process.kill(pid, 'SIGKILL');
      tally.kills += 1;
    } catch {
      say(`${victim} was down already`);
    }
  }
}
