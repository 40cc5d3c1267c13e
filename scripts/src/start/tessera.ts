import { mkdirSync, writeFileSync } from 'node:fs';
import { demoWiring } from '@tessera/hardware/wiring';
import { err, ok, type Result } from '@tessera/shared/result';
import { cabinetChild, daemonChild, DEMO_SLOTS, guardChild, kioskDirOf, linkChild, serverChild } from './children.ts';
import { enrolKiosk, fillCabinet, seedDemo, type DemoSeed } from './demo.ts';
import { answersOk, guardIsReady, waitFor } from './health.ts';
import type { Layout } from './layout.ts';
import type { Supervisor } from './supervisor.ts';

const READY_MS = 120_000;

/** A whole Tessera that runs. */
export type Tessera = {
  readonly layout: Layout;
  readonly supervisor: Supervisor;
  readonly seed: DemoSeed;
  readonly kiosk: { readonly id: string; readonly dataDir: string };
};

/**
 * Starts all processes in the order in which they need each other, seeds the demo and enrols its kiosk.
 * On failure nothing is left running.
 */
export async function startTessera(
  layout: Layout,
  options: { readonly say: (line: string) => void; readonly stopped: () => boolean; readonly supervisor: Supervisor },
): Promise<Result<Tessera, string>> {
  const { say, stopped, supervisor } = options;
  mkdirSync(layout.ttyDir, { recursive: true });
  writeFileSync(layout.wiringFile, JSON.stringify(demoWiring(DEMO_SLOTS)));
  const until = (what: string, check: () => Promise<boolean>): Promise<Result<void, string>> =>
    waitFor(what, check, { withinMs: READY_MS, say, stopped });

  say('• Starting the server and the cabinet');
  supervisor.start(serverChild(layout));
  supervisor.start(cabinetChild(layout));
  const server = await until('the server', () => answersOk(`${layout.urls.server}/readyz`));
  if (!server.ok) return server;
  const cabinet = await until('the cabinet', () => answersOk(`${layout.urls.cabinet}/healthz`));
  if (!cabinet.ok) return cabinet;
  if (layout.lineSocket !== layout.cabinetSocket) supervisor.start(linkChild(layout));
  supervisor.start(guardChild(layout));
  const guard = await until('the guard', () => guardIsReady(layout.guardSocket));
  if (!guard.ok) return guard;

  say('• Preparing the demo alliance');
  const seed = await seedDemo(layout);
  if (!seed.ok) return err(`The demo alliance could not be made. ${seed.error}`);
  const [first] = seed.value.kiosks;
  if (!first) return err('The demo alliance has no kiosk.');
  const kiosk = { id: first.id, dataDir: kioskDirOf(layout, first.id) };
  if (first.enrolmentCode !== null) {
    const filled = await fillCabinet(layout, kiosk.id, seed.value.admin.token);
    if (!filled.ok) return filled;
  }
  const enrolled = await enrolKiosk(layout, kiosk.dataDir, first.enrolmentCode);
  if (!enrolled.ok) return err(`The kiosk could not be enrolled. ${enrolled.error}`);

  say('• Starting the kiosk');
  supervisor.start(daemonChild(layout, kiosk.id));
  const daemon = await until('the kiosk', () => answersOk(`${layout.urls.kiosk}/healthz`));
  if (!daemon.ok) return daemon;
  return ok({ layout, supervisor, seed: seed.value, kiosk });
}
