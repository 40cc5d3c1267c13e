import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `scripts/start` was asked for, read by scripts/boot/start.js. */
export type StartOptions = {
  readonly root: string;
  readonly portBase: number;
  readonly dataDir: string;
  readonly fresh: boolean;
  readonly json: boolean;
};

/** Where everything of one running Tessera is. */
export type Layout = {
  readonly root: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly logDir: string;
  readonly pidsFile: string;
  readonly guardSocket: string;
  readonly cabinetSocket: string;
  /** Where guard and daemon reach the cabinet's lines: the cabinet itself, or a cable that a fault test can cut. */
  readonly lineSocket: string;
  readonly ttyDir: string;
  /** How the simulated cabinet is wired; written at each start. */
  readonly wiringFile: string;
  /** The line of `--json`, kept for whoever comes later; the cabinet's dock reads the demo members from it. */
  readonly readyFile: string;
  readonly ports: { readonly server: number; readonly kiosk: number; readonly cabinet: number };
  readonly urls: { readonly server: string; readonly kiosk: string; readonly cabinet: string; readonly admin: string };
};

/** A Unix socket's path has at most 107 bytes: where the data lies deep, sockets go to the system's temporary folder. */
const LONGEST_SOCKET_DIR = 80;

/** Names every path and address of a Tessera on this machine. */
export function layoutOf(
  { root, dataDir, portBase }: Pick<StartOptions, 'root' | 'dataDir' | 'portBase'>,
  cable: 'direct' | 'cuttable' = 'direct',
): Layout {
  const runDir = join(dataDir, 'run');
  const socketDir = Buffer.byteLength(runDir) <= LONGEST_SOCKET_DIR ? runDir : mkdtempSync(join(tmpdir(), 'tessera-'));
  const url = (port: number): string => `http://127.0.0.1:${String(port)}`;
  return {
    root,
    dataDir,
    runDir,
    logDir: join(runDir, 'logs'),
    pidsFile: join(runDir, 'pids.json'),
    guardSocket: join(socketDir, 'guard.sock'),
    cabinetSocket: join(socketDir, 'cabinet.sock'),
    lineSocket: join(socketDir, cable === 'direct' ? 'cabinet.sock' : 'cable.sock'),
    ttyDir: join(runDir, 'tty'),
    wiringFile: join(runDir, 'wiring.json'),
    readyFile: join(runDir, 'ready.json'),
    ports: { server: portBase, kiosk: portBase + 1, cabinet: portBase + 2 },
    urls: {
      server: url(portBase),
      kiosk: url(portBase + 1),
      cabinet: url(portBase + 2),
      admin: `${url(portBase)}/admin`,
    },
  };
}
