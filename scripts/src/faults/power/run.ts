import { randomBytes } from 'node:crypto';
import { Thumb } from '../../harness/thumb.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { Alliance, diskFiles, journalPath, programsOf, type Place } from './alliance.ts';
import { mend } from './file-system.ts';
import { Load } from './load.ts';
import { powerOn, type Machine } from './machine.ts';
import { chooseMoment, within } from './moment.ts';
import type { ServedDisk } from './nbd/serve.ts';
import { journalDamage } from './platter-journal.ts';
import { plants } from './plants.ts';
import { partsOf, serveDisks, type Prepared } from './prepare.ts';
import { saveProgress, type Cut, type Progress } from './progress.ts';
import { recover } from './recovery.ts';

type Say = (line: string) => void;

/** Everything of one series of cuts. */
type Run = {
  readonly place: Place;
  readonly prepared: Prepared;
  readonly progress: Progress;
  readonly alliance: Alliance;
  readonly chance: SeededChance;
};

/** How soon the guest writes by itself what nobody synced, in hundredths of a second: at once, as Debian does, or hardly ever. */
const WRITEBACKS = [100, 3_000, 30_000] as const;
/** Until a boot was measured. */
const FIRST_BOOT_MS = 15_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

type Life = {
  readonly machine: Machine;
  readonly disks: readonly [ServedDisk, ServedDisk];
  readonly thumb: Thumb;
  readonly poweredAt: number;
  readonly awake: Promise<boolean>;
  readonly writebackCs: number;
};

async function powered(run: Run, writebackCs: number): Promise<Life> {
  const { place, prepared, progress, alliance } = run;
  const disks = await serveDisks(place.workDir);
  const poweredAt = performance.now();
  const seed = randomBytes(32).toString('hex');
  const programs = programsOf(plants.find(({ name }) => name === progress.plant));
  const { machine, awake } = powerOn(partsOf(place.workDir, prepared), { seed, writebackCs, programs });
  return { machine, awake, disks, thumb: new Thumb(alliance.layout.urls.kiosk), poweredAt, writebackCs };
}

/** Takes the power away: QEMU dies, the caches with it, and every relay falls. */
async function cut(life: Life, { alliance, chance }: Run): Promise<Pick<Cut, 'server' | 'kiosk'>> {
  life.thumb.close();
  await life.machine.kill();
  const [server, kiosk] = life.disks;
  const losses = { server: await server.cut(chance), kiosk: await kiosk.cut(chance) };
  await alliance.relaysFall();
  return losses;
}

/** What a machine does before it mounts its disks. */
function mendDisks({ place, progress }: Run): void {
  for (const file of diskFiles(place.workDir)) {
    const beyondRepair = mend(file);
    if (beyondRepair !== undefined) progress.disagreements.push(beyondRepair);
  }
}

/** Recovers, judges, and remembers; answers how long it took to come up, null where something disagrees. */
async function judgeLife(life: Life, { alliance, progress }: Run): Promise<number | null> {
  if (!(await life.awake)) {
    progress.disagreements.push('the guest did not wake');
    return null;
  }
  const onBoot = (): void => void (progress.bootFlushes = life.disks[1].flushes);
  const found = await recover(alliance, life, {
    onBoot,
    captured: progress.captured,
    poweredAt: life.poweredAt,
  });
  progress.captured = found.captured;
  progress.redemptions = found.redemptions;
  progress.purchases = alliance.clerk.sales;
  progress.doubts += found.doubts;
  progress.disagreements.push(...found.disagreements);
  return found.disagreements.length === 0 ? found.bootMs : null;
}

/** One power-on, up to its cut. Answers undefined where what the last cut left disagrees. */
async function live(run: Run): Promise<Cut | undefined> {
  const { place, prepared, progress, alliance, chance } = run;
  mendDisks(run);
  if (progress.disagreements.length > 0) return undefined;
  const moment = chooseMoment(chance, plants.find(({ name }) => name === progress.plant)?.shows);
  const life = await powered(run, chance.pick(WRITEBACKS));
  let bootMs: number | null = null;
  let afterMs = 0;
  let note: string | null = null;
  if (moment.phase === 'recovery') {
    const longestMs = progress.cuts.flatMap((one) => one.bootMs ?? []).at(-1) ?? FIRST_BOOT_MS;
    const flushes = progress.bootFlushes + 2;
    afterMs = await within(chance, moment.cue, { disks: life.disks, flushes, longestMs });
  } else {
    bootMs = await judgeLife(life, run);
    if (bootMs !== null) {
      const load = new Load({ alliance, thumb: life.thumb, disks: life.disks }, chance, progress.lengths);
      afterMs = await load.until(moment).catch((error: unknown) => {
        note = error instanceof Error ? error.message : String(error);
        return 0;
      });
    }
  }
  const losses = await cut(life, run);
  if (progress.disagreements.length > 0) return undefined;
  const journal = journalPath(prepared.founding.kioskId);
  const damage = journalDamage(diskFiles(place.workDir)[1], journal, place.workDir);
  if (damage !== undefined) progress.disagreements.push(damage);
  return { phase: moment.phase, cue: moment.cue, afterMs, writebackCs: life.writebackCs, ...losses, bootMs, note };
}

function lineOf(cut: Cut, number: number, wanted: number): string {
  const lost = cut.server.lost + cut.kiosk.lost;
  const torn = cut.server.torn + cut.kiosk.torn;
  const boot = cut.bootMs === null ? 'cut while coming up' : `up in ${seconds(cut.bootMs)}`;
  const where = `${cut.phase} (${cut.cue}) + ${seconds(cut.afterMs)}`.padEnd(28);
  const note = cut.note === null ? '' : `  (${cut.note})`;
  return `[${String(number)}/${String(wanted)}] ${boot.padEnd(20)} cut at ${where} lost ${String(lost)}, torn ${String(torn)} of ${String(cut.server.unflushed + cut.kiosk.unflushed)} unflushed writes${note}`;
}

/** Cuts the power again and again, then lets the machine come up once more and judges the last cut. */
export async function cutPower(
  place: Place,
  { prepared, progress, wanted, say }: { prepared: Prepared; progress: Progress; wanted: number; say: Say },
): Promise<void> {
  const alliance = await Alliance.open(place, prepared.founding);
  const chance = new SeededChance(randomBytes(4).readUInt32LE(), progress.cuts.length);
  const run: Run = { place, prepared, progress, alliance, chance };
  try {
    while (progress.cuts.length < wanted && progress.disagreements.length === 0) {
      const one = await live(run);
      if (one) {
        progress.cuts.push(one);
        say(lineOf(one, progress.cuts.length, wanted));
      }
      saveProgress(place.workDir, progress);
    }
    if (progress.disagreements.length > 0) return;
    mendDisks(run);
    const life = await powered(run, WRITEBACKS[1]);
    await judgeLife(life, run);
    await cut(life, run);
    saveProgress(place.workDir, progress);
  } finally {
    await alliance.close();
  }
}
