import { join } from 'node:path';
import type { Layout } from './layout.ts';
import type { ChildSpec } from './supervisor.ts';

/** Slots of the demo's cabinet. */
export const DEMO_SLOTS = 8;

export function serverChild({ root, dataDir, ports }: Layout): ChildSpec {
  const entry = join(root, 'server/dist/main.js');
  return { name: 'server', args: [entry, 'serve', '--data', dataDir, '--port', String(ports.server), '--demo'] };
}

export function cabinetChild({ root, dataDir, ports, cabinetSocket, ttyDir, readyFile }: Layout): ChildSpec {
  const flags = ['--port', String(ports.cabinet), '--socket', cabinetSocket, '--tty-dir', ttyDir];
  const entry = join(root, 'hardware/dist/cabinet/main.js');
  return {
    name: 'cabinet',
    args: [
      entry,
      ...flags,
      '--data',
      join(dataDir, 'cabinet'),
      '--slots',
      String(DEMO_SLOTS),
      '--demo-members',
      readyFile,
    ],
  };
}

/** The cable between cabinet and lines, where a test wants to cut it. */
export function linkChild({ root, cabinetSocket, lineSocket }: Layout): ChildSpec {
  return { name: 'link', args: [join(root, 'scripts/dist/faults/link/main.js'), lineSocket, cabinetSocket] };
}

export function guardChild({ root, guardSocket, lineSocket, wiringFile }: Layout): ChildSpec {
  const flags = ['--socket', guardSocket, '--wiring', wiringFile, '--cabinet', lineSocket];
  return { name: 'guard', args: [join(root, 'hardware/dist/guard/main.js'), ...flags] };
}

/** Where a kiosk keeps its key, journal and configuration. */
export const kioskDirOf = ({ dataDir }: Layout, kioskId: string): string => join(dataDir, 'kiosks', kioskId);

/**
 * A kiosk is a small computer: the daemon lives in 90 MB. V8 takes these only on the command line. The optimising compiler
 * alone would hold 17 MB, for code that runs once in seconds; `npm run bench:daemon` measures it.
 */
export const SMALL_HEAP = ['--max-semi-space-size=1', '--optimize-for-size', '--no-opt'];

export function daemonChild(layout: Layout, kioskId: string): ChildSpec {
  const { root, ports, urls, guardSocket, lineSocket, ttyDir, wiringFile } = layout;
  const flags = {
    data: kioskDirOf(layout, kioskId),
    port: String(ports.kiosk),
    ui: join(root, 'kiosk/ui/dist'),
    server: urls.server,
    guard: guardSocket,
    wiring: wiringFile,
    inputs: lineSocket,
    scanner: join(ttyDir, 'scanner'),
    reader: join(ttyDir, 'reader'),
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  return { name: 'daemon', args: [...SMALL_HEAP, join(root, 'kiosk/daemon/dist/main.js'), ...args] };
}
