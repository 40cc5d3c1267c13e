import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortBase } from '../../harness/free-ports.ts';
import { Thumb } from '../../harness/thumb.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { Alliance, diskFiles, found, guestChildren, guestWiring, journalPath } from './alliance.ts';
import { buildInitramfs } from './image.ts';
import { chooseMoment, Load, type Moment } from './load.ts';
import { powerOn, putToSleep, type Accelerator, type Machine, type MachineParts } from './machine.ts';
import { serveDisk, type ServedDisk } from './nbd/serve.ts';
import { journalDamage } from './platter-journal.ts';
import type { Plant } from './plants.ts';
import { saveProgress, type Cut, type Progress } from './progress.ts';
import { recover, truthOf } from './recovery.ts';

type Say = (line: string) => void;
export type Place = { readonly root: string; readonly workDir: string };

/** How soon the guest writes by itself what nobody synced, in hundredths of a second: at once, as Debian does, or hardly ever. */
const WRITEBACKS = [100, 3_000, 30_000] as const;
/** Until a boot was measured. */
const FIRST_BOOT_MS = 15_000;

const sockets = (workDir: string): readonly [string, string] => [
  join(workDir, 'server.nbd'),
  join(workDir, 'kiosk.nbd'),
];

function partsOf({ workDir }: Place, progress: Pick<Progress, 'founding' | 'accelerator'>): MachineParts {
  const { portBase } = progress.founding;
  const { accelerator } = progress;
  const ports = [portBase, portBase + 1];
  return { workDir, initramfs: join(workDir, 'initramfs'), accelerator, disks: sockets(workDir), ports };
}

async function serveDisks(workDir: string): Promise<readonly [ServedDisk, ServedDisk]> {
  const [server, kiosk] = diskFiles(workDir);
  const [toServer, toKiosk] = sockets(workDir);
  return [await serveDisk(toServer, server), await serveDisk(toKiosk, kiosk)];
}

/** Founds an alliance on two disks and brings a machine to where every power-on begins. */
export async function prepare(place: Place, plant: Plant | undefined, say: Say): Promise<Progress> {
  const { root, workDir } = place;
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  const founding = await found(place, await freePortBase(), say);
  say('• Packing node and the built product into the guest');
  buildInitramfs({ root, workDir, children: guestChildren(founding), wiring: guestWiring(), plant });
  for (const accelerator of ['kvm', 'tcg'] satisfies Accelerator[]) {
    say(`• Starting the guest once, with ${accelerator}`);
    const disks = await serveDisks(workDir);
    const started = performance.now();
    const slept = await putToSleep(partsOf(place, { founding, accelerator }));
    for (const disk of disks) await disk.cut(new SeededChance(0));
    if (!slept) {
      say(`  no kernel came up with ${accelerator}`);
      continue;
    }
    say(`  kernel after ${seconds(slept.kernelMs)}, all loaded after ${seconds(performance.now() - started)}`);
    const progress: Progress = {
      founding,
      accelerator,
      plant: plant?.name ?? null,
      kernelMs: slept.kernelMs,
      cuts: [],
      lengths: [],
      baseline: null,
      captured: [],
      redemptions: 0,
      doubts: 0,
      disagreements: [],
    };
    saveProgress(workDir, progress);
    return progress;
  }
  throw new Error(`QEMU starts no kernel here: ${workDir}/console.log`);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

type Life = {
  readonly machine: Machine;
  readonly disks: readonly [ServedDisk, ServedDisk];
  readonly thumb: Thumb;
  readonly poweredAt: number;
  readonly awake: Promise<boolean>;
  readonly writebackCs: number;
};

async function powered(place: Place, progress: Progress, alliance: Alliance, writebackCs: number): Promise<Life> {
  const disks = await serveDisks(place.workDir);
  const poweredAt = performance.now();
  const seed = randomBytes(32).toString('hex');
  const { machine, awake } = powerOn(partsOf(place, progress), { seed, writebackCs });
  return { machine, awake, disks, thumb: new Thumb(alliance.layout.urls.kiosk), poweredAt, writebackCs };
}

/** Takes the power away: QEMU dies, the caches with it, and every relay falls. */
async function cut(life: Life, alliance: Alliance, chance: SeededChance): Promise<Pick<Cut, 'server' | 'kiosk'>> {
  life.thumb.close();
  await life.machine.kill();
  const [server, kiosk] = life.disks;
  const losses = { server: await server.cut(chance), kiosk: await kiosk.cut(chance) };
  await alliance.relaysFall();
  return losses;
}

/** Recovers, judges, and remembers; false where something disagrees. */
async function judgeLife(life: Life, alliance: Alliance, progress: Progress): Promise<number | undefined> {
  if (!(await life.awake)) {
    progress.disagreements.push('the guest did not wake');
    return undefined;
  }
  if (!progress.baseline) {
    // The first life begins with nothing to compare: what is there now is what all is counted from.
    await recover(alliance, life.thumb, {
      baseline: { points: 0, truth: [] },
      captured: [],
      poweredAt: life.poweredAt,
    });
    const { available, held } = await alliance.points();
    progress.baseline = { points: available + held - alliance.clerk.points, truth: await truthOf(alliance) };
  }
  const { baseline, captured } = progress;
  const found = await recover(alliance, life.thumb, { baseline, captured, poweredAt: life.poweredAt });
  progress.captured = found.captured;
  progress.redemptions = found.redemptions;
  progress.doubts += found.doubts;
  progress.disagreements.push(...found.disagreements);
  return found.disagreements.length === 0 ? found.bootMs : undefined;
}

/** One power-on, up to its cut. Answers undefined where what the last cut left disagrees. */
async function live(
  place: Place,
  progress: Progress,
  alliance: Alliance,
  chance: SeededChance,
): Promise<Cut | undefined> {
  // The first life must come up: it is what all is compared with.
  const moment: Moment = progress.baseline ? chooseMoment(chance) : { phase: 'confirmed', nth: 1 };
  const life = await powered(place, progress, alliance, chance.pick(WRITEBACKS));
  let bootMs: number | undefined;
  let afterMs: number;
  let note: string | null = null;
  try {
    if (moment.phase === 'recovery') {
      const booted = progress.cuts.flatMap((one) => one.bootMs ?? []);
      afterMs = chance.integer(booted.at(-1) ?? FIRST_BOOT_MS);
      await sleep(afterMs);
    } else {
      bootMs = await judgeLife(life, alliance, progress);
      if (bootMs === undefined) return undefined;
      afterMs = await new Load(alliance, life.thumb, chance, progress.lengths).until(moment).catch((error: unknown) => {
        note = error instanceof Error ? error.message : String(error);
        return 0;
      });
    }
  } finally {
    if (progress.disagreements.length > 0) await cut(life, alliance, chance);
  }
  const losses = await cut(life, alliance, chance);
  const damage = journalDamage(diskFiles(place.workDir)[1], journalPath(progress.founding.kioskId), place.workDir);
  if (damage !== undefined) progress.disagreements.push(damage);
  return { phase: moment.phase, afterMs, writebackCs: life.writebackCs, ...losses, bootMs: bootMs ?? null, note };
}

function lineOf(cut: Cut, number: number, wanted: number): string {
  const lost = cut.server.lost + cut.kiosk.lost;
  const torn = cut.server.torn + cut.kiosk.torn;
  const boot = cut.bootMs === null ? 'cut while coming up' : `up in ${seconds(cut.bootMs)}`;
  const where = `${cut.phase} + ${seconds(cut.afterMs)}`.padEnd(20);
  const note = cut.note === null ? '' : `  (${cut.note})`;
  return `[${String(number)}/${String(wanted)}] ${boot.padEnd(20)} cut at ${where} lost ${String(lost)}, torn ${String(torn)} of ${String(cut.server.unflushed + cut.kiosk.unflushed)} unflushed writes${note}`;
}

/** Cuts the power again and again, then lets the machine come up once more and judges the last cut. */
export async function run(place: Place, progress: Progress, wanted: number, say: Say): Promise<void> {
  const alliance = await Alliance.open(place, progress.founding);
  const chance = new SeededChance(randomBytes(4).readUInt32LE(), progress.cuts.length);
  try {
    while (progress.cuts.length < wanted && progress.disagreements.length === 0) {
      const cut = await live(place, progress, alliance, chance);
      if (cut) {
        progress.cuts.push(cut);
        say(lineOf(cut, progress.cuts.length, wanted));
      }
      saveProgress(place.workDir, progress);
    }
    if (progress.disagreements.length > 0) return;
    const life = await powered(place, progress, alliance, WRITEBACKS[1]);
    await judgeLife(life, alliance, progress);
    await cut(life, alliance, chance);
    saveProgress(place.workDir, progress);
  } finally {
    await alliance.close();
  }
}
