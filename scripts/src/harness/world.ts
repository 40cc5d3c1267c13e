import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf } from '../start/layout.ts';
import { Supervisor } from '../start/supervisor.ts';
import { startTessera, type Tessera } from '../start/tessera.ts';
import { Books } from './books.ts';
import { Cabinet } from './cabinet.ts';
import { freePortBase } from './free-ports.ts';
import { Thumb } from './thumb.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A whole Tessera of its own, made of real processes, with hands on all of it. */
export type World = Tessera & {
  readonly books: Books;
  readonly cabinet: Cabinet;
  readonly thumb: Thumb;
  readonly dataDir: string;
  /** Ends everything and removes its data. */
  close(): Promise<void>;
};

/** Starts a world in a temporary folder. Its processes speak in `dataDir/run/logs`. */
export async function startWorld(
  say: (line: string) => void,
  cable: 'direct' | 'cuttable' = 'cuttable',
): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-world-'));
  const layout = layoutOf({ root, dataDir, portBase: await freePortBase() }, cable);
  mkdirSync(layout.runDir, { recursive: true });
  const { logDir, pidsFile } = layout;
  const supervisor = new Supervisor({ cwd: root, logDir, pidsFile, say });
  const started = await startTessera(layout, { say, stopped: () => false, supervisor });
  if (!started.ok) {
    await supervisor.stop();
    throw new Error(`${started.error} Logs: ${logDir}`);
  }
  const { urls } = layout;
  const thumb = new Thumb(urls.kiosk);
  return {
    ...started.value,
    books: new Books(urls.server, started.value.seed.admin.token),
    cabinet: new Cabinet(urls.cabinet),
    thumb,
    dataDir,
    async close() {
      thumb.close();
      await supervisor.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
