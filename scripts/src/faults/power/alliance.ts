import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { cabinetOutputs } from '@tessera/hardware/lines/cabinet-lines';
import { systemScheduler } from '@tessera/hardware/platform/system';
import { demoWiring, guardedLines } from '@tessera/hardware/wiring';
import { Books } from '../../harness/books.ts';
import { Cabinet } from '../../harness/cabinet.ts';
import { cabinetChild, daemonChild, DEMO_SLOTS, guardChild, serverChild } from '../../start/children.ts';
import type { DemoSeed } from '../../start/demo.ts';
import { answersOk, waitFor } from '../../start/health.ts';
import { layoutOf, type Layout } from '../../start/layout.ts';
import { Supervisor, type ChildSpec } from '../../start/supervisor.ts';
import { startTessera } from '../../start/tessera.ts';
import { Clerk } from './clerk.ts';
import { buildDisk, GUEST_ROOT, plantRoot } from './image.ts';
import type { Plant } from './plants.ts';
import { truthOf, type Baseline } from './truth.ts';

/** How an alliance began. */
export type Founding = {
  readonly portBase: number;
  readonly seed: DemoSeed;
  readonly kioskId: string;
  readonly baseline: Baseline;
};

export type Place = { readonly root: string; readonly workDir: string };

const CABINET_MS = 30_000;
const SERVER_DISK_MB = 512;
const KIOSK_DISK_MB = 96;

export const diskFiles = (workDir: string): readonly [string, string] => [
  join(workDir, 'server.disk'),
  join(workDir, 'kiosk.disk'),
];
/** The kiosk's journal on its disk. */
export const journalPath = (kioskId: string): string => `/kiosks/${kioskId}/journal.log`;
/** Where the guest's way to the cabinet ends on this side. */
const cablePort = (portBase: number): number => portBase + 3;

const hostLayout = ({ root, workDir }: Place, portBase: number): Layout =>
  layoutOf({ root, dataDir: join(workDir, 'host'), portBase });

function supervisorOf({ root }: Place, { runDir, logDir, pidsFile }: Layout): Supervisor {
  mkdirSync(runDir, { recursive: true });
  return new Supervisor({ cwd: root, logDir, pidsFile, say: () => undefined });
}

/** Points of all members together. */
async function pointsOf(books: Books, members: DemoSeed['members']): Promise<{ available: number; held: number }> {
  const balances = await Promise.all(members.map(({ memberId }) => books.balance(memberId)));
  return {
    available: balances.reduce((total, { available }) => total + available, 0),
    held: balances.reduce((total, { held }) => total + held, 0),
  };
}

/** Makes the demo alliance here, at full speed. */
export async function found(place: Place, portBase: number, say: (line: string) => void): Promise<Founding> {
  const layout = hostLayout(place, portBase);
  const supervisor = supervisorOf(place, layout);
  try {
    const started = await startTessera(layout, { say, stopped: () => false, supervisor });
    if (!started.ok) throw new Error(`${started.error} Logs: ${layout.logDir}`);
    const { seed, kiosk } = started.value;
    const { available, held } = await pointsOf(new Books(layout.urls.server, seed.admin.token), seed.members);
    const truth = await truthOf(new Cabinet(layout.urls.cabinet));
    return { portBase, seed, kioskId: kiosk.id, baseline: { points: available + held, truth } };
  } finally {
    await supervisor.stop();
  }
}

/** Puts what server and kiosk of a founded alliance keep onto the guest's disks. */
export function fillDisks({ workDir }: Place): void {
  const megabytes = { server: SERVER_DISK_MB, kiosks: KIOSK_DISK_MB };
  for (const [index, name] of (['server', 'kiosks'] as const).entries()) {
    const folder = join(workDir, `content-${name}`);
    mkdirSync(folder);
    renameSync(join(workDir, 'host', name), join(folder, name));
    buildDisk(diskFiles(workDir)[index] ?? '', folder, megabytes[name]);
    rmSync(folder, { recursive: true });
  }
}

const quoted = (word: string): string => `'${word}'`;

/** Flags and words of a process that waits for the machine to wake: its modules are loaded, its own code has not begun. */
function sleeper(name: string, { args }: ChildSpec, preload = ''): string {
  const entry = args.findIndex((word) => word.endsWith('.js'));
  const words = [...args.slice(0, entry), `${GUEST_ROOT}/sleeper.js`, name, preload, ...args.slice(entry)];
  return `keep ${name} node ${words.map(quoted).join(' ')}`;
}

/** Which sleepers run, with or without a bug. */
export const programsOf = (plant: Plant | undefined): readonly string[] => [
  plant?.victim === 'server' ? plant.name : 'server',
  plant?.victim === 'daemon' ? plant.name : 'daemon',
];

/** Shell text that starts the guest's processes: those of `scripts/start`, with their data on the two disks. */
export function guestChildren({ portBase, kioskId }: Founding, plants: readonly Plant[]): string {
  const onDisk = (dataDir: string, root = GUEST_ROOT): Layout => ({
    ...layoutOf({ root, dataDir, portBase }),
    guardSocket: '/run/guard.sock',
    lineSocket: '/run/cabinet.sock',
    wiringFile: '/power/wiring.json',
  });
  const open = ({ name, args }: ChildSpec): ChildSpec => ({ name, args: [...args, '--host', '0.0.0.0'] });
  const server = (name: string, root?: string): string =>
    sleeper(name, open(serverChild(onDisk('/srv', root))), `${root ?? GUEST_ROOT}/server/dist/serve.js`);
  const daemon = (name: string, root?: string): string =>
    sleeper(name, open(daemonChild(onDisk('/kiosk', root), kioskId)));
  return [
    `CABLE_PORT=${String(cablePort(portBase))}`,
    `SLEEPERS=${String(3 + plants.length)}`,
    // Every request would be told on a slow serial line.
    'export TESSERA_LOG_LEVEL=warn',
    `node ${GUEST_ROOT}/reseed.js &`,
    // The guard keeps nothing on a disk: it waits for the cabinet's lines, as it does whenever they are away.
    `keep guard node ${guardChild(onDisk('/kiosk')).args.map(quoted).join(' ')}`,
    server('server'),
    daemon('daemon'),
    ...plants.map((plant) => (plant.victim === 'server' ? server : daemon)(plant.name, plantRoot(plant))),
    '',
  ].join('\n');
}

export const guestWiring = (): string => JSON.stringify(demoWiring(DEMO_SLOTS));

/** Everything that keeps its power: the cabinet, its cable, and the people. */
export class Alliance {
  readonly books: Books;
  readonly cabinet: Cabinet;
  readonly clerk: Clerk;
  readonly founding: Founding;
  readonly layout: Layout;
  readonly #supervisor: Supervisor;
  readonly #cable: Server;

  private constructor(place: Place, founding: Founding) {
    const layout = hostLayout(place, founding.portBase);
    this.founding = founding;
    this.layout = layout;
    this.books = new Books(layout.urls.server, founding.seed.admin.token);
    this.cabinet = new Cabinet(layout.urls.cabinet);
    this.clerk = new Clerk({
      url: layout.urls.server,
      token: founding.seed.merchant.token,
      file: join(place.workDir, 'purchases.jsonl'),
    });
    this.#supervisor = supervisorOf(place, layout);
    this.#cable = createServer((near) => {
      const far = connect(layout.cabinetSocket);
      near.setNoDelay(true);
      near.pipe(far);
      far.pipe(near);
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
    });
  }

  static async open(place: Place, founding: Founding): Promise<Alliance> {
    const alliance = new Alliance(place, founding);
    const { layout } = alliance;
    alliance.#supervisor.start(cabinetChild(layout));
    const isUp = (): Promise<boolean> => answersOk(`${layout.urls.cabinet}/healthz`);
    const cabinet = await waitFor('the cabinet', isUp, { withinMs: CABINET_MS, say: () => undefined });
    if (!cabinet.ok) throw new Error(cabinet.error);
    await new Promise<void>((resolve) => {
      alliance.#cable.listen(cablePort(founding.portBase), '127.0.0.1', resolve);
    });
    return alliance;
  }

  /** Relays fall back when the power goes: nothing drives a motor any more. */
  async relaysFall(): Promise<void> {
    const outputs = cabinetOutputs({ socketPath: this.layout.cabinetSocket, scheduler: systemScheduler });
    const claim = await outputs.claim(guardedLines(demoWiring(DEMO_SLOTS)));
    if (!claim.ok) throw new Error(`The cabinet's lines are still held: ${claim.error.detail}`);
    await claim.value.release();
  }

  /** Points of all members together. */
  points(): Promise<{ available: number; held: number }> {
    return pointsOf(this.books, this.founding.seed.members);
  }

  async close(): Promise<void> {
    this.#cable.close();
    await this.#supervisor.stop();
  }
}
