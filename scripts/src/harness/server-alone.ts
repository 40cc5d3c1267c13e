import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverChild } from '../start/children.ts';
import { answersOk, waitFor } from '../start/health.ts';
import { layoutOf } from '../start/layout.ts';
import { Supervisor } from '../start/supervisor.ts';
import { freePortBase } from './free-ports.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const READY_MS = 60_000;

/** A server process with empty books: whoever wants merchants, members and kiosks makes and plays them. */
export type ServerAlone = {
  readonly url: string;
  readonly dataDir: string;
  readonly logDir: string;
  /** The token of the local operator, who may do what an admin may. */
  readonly operator: string;
  /** How often it has ended by itself. */
  deaths(): number;
  /** Kills it outright and starts it again, with failpoints armed for that one life. Resolves when it is dead. */
  kill(failpoints?: string): Promise<void>;
  /** Waits until it answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
};

/** Starts one in a temporary folder. */
export async function startServerAlone(say: (line: string) => void): Promise<ServerAlone> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-alone-'));
  const layout = layoutOf({ root, dataDir, portBase: await freePortBase() });
  mkdirSync(layout.runDir, { recursive: true });
  const { logDir, pidsFile, urls } = layout;
  const supervisor = new Supervisor({ cwd: root, logDir, pidsFile, say });
  const ready = async (): Promise<void> => {
    const up = await waitFor('the server', () => answersOk(`${urls.server}/readyz`), {
      withinMs: READY_MS,
      everyMs: 25,
      say,
    });
    if (!up.ok) throw new Error(`${up.error}. Logs: ${logDir}`);
  };
  const close = async (): Promise<void> => {
    await supervisor.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  supervisor.start(serverChild(layout));
  try {
    await ready();
    return {
      url: urls.server,
      dataDir,
      logDir,
      operator: readFileSync(join(dataDir, 'server', 'operator.token'), 'utf8').trim(),
      deaths: () => supervisor.deaths('server'),
      async kill(failpoints = '') {
        await supervisor.halt('server', 'SIGKILL');
        supervisor.start(serverChild(layout), { TESSERA_FAILPOINTS: failpoints });
      },
      ready,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
