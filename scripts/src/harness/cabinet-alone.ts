import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoWiring } from '@tessera/hardware/wiring';
import { cabinetChild, DEMO_SLOTS, guardChild } from '../start/children.ts';
import { answersOk, guardIsReady, waitFor } from '../start/health.ts';
import { layoutOf, type Layout } from '../start/layout.ts';
import { Supervisor } from '../start/supervisor.ts';
import { freePortBase } from './free-ports.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const READY_MS = 60_000;

/** A cabinet and its guard, as real processes, without a kiosk behind them. */
export type CabinetAlone = {
  readonly layout: Layout;
  readonly supervisor: Supervisor;
  close(): Promise<void>;
};

/** Starts them in a temporary folder. */
export async function startCabinetAlone(say: (line: string) => void): Promise<CabinetAlone> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-cabinet-'));
  const layout = layoutOf({ root, dataDir, portBase: await freePortBase() });
  mkdirSync(layout.ttyDir, { recursive: true });
  writeFileSync(layout.wiringFile, JSON.stringify(demoWiring(DEMO_SLOTS)));
  const { logDir, pidsFile } = layout;
  const supervisor = new Supervisor({ cwd: root, logDir, pidsFile, say });
  const close = async (): Promise<void> => {
    await supervisor.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const until = async (what: string, check: () => Promise<boolean>): Promise<void> => {
    const up = await waitFor(what, check, { withinMs: READY_MS, everyMs: 25, say });
    if (!up.ok) throw new Error(`${up.error}. Logs: ${logDir}`);
  };
  try {
    supervisor.start(cabinetChild(layout));
    await until('the cabinet', () => answersOk(`${layout.urls.cabinet}/healthz`));
    supervisor.start(guardChild(layout));
    await until('the guard', () => guardIsReady(layout.guardSocket));
    return { layout, supervisor, close };
  } catch (error) {
    await close();
    throw error;
  }
}
