import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePortBase } from '../../harness/free-ports.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { diskFiles, fillDisks, found, guestChildren, guestWiring, type Founding, type Place } from './alliance.ts';
import { buildInitramfs, findKernel } from './image.ts';
import { putToSleep, type Accelerator, type MachineParts } from './machine.ts';
import { serveDisk, type ServedDisk } from './nbd/serve.ts';
import { plants } from './plants.ts';
import type { Progress } from './progress.ts';

/** A machine that sleeps where every power-on begins, and the disks of an alliance just founded. Made once for each build. */
export type Prepared = {
  /** Names the build that it was made from. */
  readonly key: string;
  readonly folder: string;
  readonly founding: Founding;
  readonly accelerator: Accelerator;
  readonly kernelMs: number;
};

const BUILT = ['shared/dist', 'hardware/dist', 'kiosk/daemon/dist', 'server/dist', 'scripts/guest'];

const sockets = (workDir: string): readonly [string, string] => [
  join(workDir, 'server.nbd'),
  join(workDir, 'kiosk.nbd'),
];

/** The machine for one series of cuts, which has disks of its own. */
export function partsOf(
  workDir: string,
  { folder, founding, accelerator }: Omit<Prepared, 'key' | 'kernelMs'>,
): MachineParts {
  return {
    workDir,
    initramfs: join(folder, 'initramfs'),
    asleep: join(folder, 'asleep'),
    accelerator,
    disks: sockets(workDir),
    ports: [founding.portBase, founding.portBase + 1],
  };
}

/** Serves both disks of a series for one power-on: the server's, then the kiosk's. */
export async function serveDisks(workDir: string): Promise<readonly [ServedDisk, ServedDisk]> {
  const [server, kiosk] = diskFiles(workDir);
  const [toServer, toKiosk] = sockets(workDir);
  return [await serveDisk(toServer, server), await serveDisk(toKiosk, kiosk)];
}

/** Names a build, and the bugs that can be put into it, by its files, their sizes and times. */
function keyOf(root: string): string {
  const hash = createHash('sha256').update(findKernel().image).update(JSON.stringify(plants));
  for (const folder of BUILT) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      const { size, mtimeMs } = statSync(join(root, folder, path));
      hash.update(`${folder}/${path} ${String(size)} ${String(mtimeMs)}\n`);
    }
  }
  return hash.digest('hex');
}

function readPrepared(folder: string, key: string): Prepared | undefined {
  const file = join(folder, 'prepared.json');
  if (!existsSync(file)) return undefined;
  const prepared = JSON.parse(readFileSync(file, 'utf8')) as Prepared;
  return prepared.key === key ? prepared : undefined;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function sleepingMachine(
  folder: string,
  founding: Founding,
  say: (line: string) => void,
): Promise<Omit<Prepared, 'key'>> {
  for (const accelerator of ['kvm', 'tcg'] satisfies Accelerator[]) {
    say(`• Starting the guest once, with ${accelerator}`);
    const disks = await serveDisks(folder);
    const started = performance.now();
    const slept = await putToSleep(partsOf(folder, { folder, founding, accelerator }));
    // Nothing was written: the disks' drivers are not loaded yet.
    for (const disk of disks) await disk.cut(new SeededChance(0));
    if (slept) {
      say(`  kernel after ${seconds(slept.kernelMs)}, all loaded after ${seconds(performance.now() - started)}`);
      return { folder, founding, accelerator, kernelMs: slept.kernelMs };
    }
    say(`  no kernel came up with ${accelerator}`);
  }
  throw new Error(`QEMU starts no kernel here: ${folder}/console.log`);
}

/** Finds the machine of this build, or founds an alliance and makes one, which takes minutes. */
export async function prepare(root: string, folder: string, say: (line: string) => void): Promise<Prepared> {
  const key = keyOf(root);
  const ready = readPrepared(folder, key);
  if (ready) return ready;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const place = { root, workDir: folder };
  const founding = await found(place, await freePortBase(), say);
  fillDisks(place);
  say('• Packing node and the built product into the guest');
  buildInitramfs({ root, folder, children: guestChildren(founding, plants), wiring: guestWiring(), plants });
  const prepared = { key, ...(await sleepingMachine(folder, founding, say)) };
  writeFileSync(join(folder, 'prepared.json'), JSON.stringify(prepared));
  return prepared;
}

/** Begins a series of cuts on disks of its own. */
export function begin({ workDir }: Place, { key, folder }: Prepared, plant: string | null): Progress {
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(join(workDir, 'host'), { recursive: true });
  cpSync(join(folder, 'host/cabinet'), join(workDir, 'host/cabinet'), { recursive: true });
  for (const [index, from] of diskFiles(folder).entries()) cpSync(from, diskFiles(workDir)[index] ?? '');
  return {
    key,
    plant,
    cuts: [],
    lengths: [],
    captured: [],
    redemptions: 0,
    purchases: 0,
    bootFlushes: 12,
    doubts: 0,
    disagreements: [],
  };
}
