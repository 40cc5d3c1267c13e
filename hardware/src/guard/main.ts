import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { execArgv, execPath, exit, kill, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { armFailpoints } from '@tessera/shared/ports';
import { outputDriver } from '../lines/drivers.ts';
import { readArguments } from '../platform/arguments.ts';
import { createLog } from '../platform/log.ts';
import { raisePriority, systemClock, systemScheduler } from '../platform/system.ts';
import { guardedLines, loadWiring } from '../wiring.ts';
import { GuardCore } from './core.ts';
import { DeputyKeeper } from './deputy/keeper.ts';
import { guardEvents } from './log-events.ts';
import { serveGuard } from './server.ts';
import { guardTimeouts } from './timeouts.ts';

const read = readArguments(process.argv.slice(2), {
  command: 'guard --socket PATH --wiring FILE --cabinet SOCK',
  about:
    'Alone owns the output lines of a cabinet: claims them inactive, drives them in limited pulses for one daemon,\n' +
    'and lets go when the daemon ends, falls silent or hangs. Environment: TESSERA_FAILPOINTS (tests only).',
  options: {
    socket: { value: 'PATH', about: 'Unix socket on which the daemon reaches the guard' },
    wiring: { value: 'FILE', about: 'How the cabinet is wired (JSON)' },
    cabinet: { value: 'SOCK', about: "The simulated cabinet's line socket" },
  },
  schema: z.object({ socket: z.string(), wiring: z.string(), cabinet: z.string() }),
});
if (read.kind === 'print') {
  process.stderr.write(read.text);
  exit(read.exitCode);
}
const { options } = read;
const wiring = await loadWiring(options.wiring);
if (!wiring.ok) {
  process.stderr.write(`${wiring.error}\n`);
  exit(2);
}

raisePriority();
const log = createLog('guard', guardEvents);
const failpoints = armFailpoints(process.env['TESSERA_FAILPOINTS'] ?? '', (_, signal) => kill(pid, signal));
const deputyPath = fileURLToPath(new URL(`./deputy/main${extname(import.meta.url)}`, import.meta.url));
const deputy = new DeputyKeeper({
  // Its own process group: a signal to the guard's group must not reach the deputy.
  spawn: () =>
    spawn(execPath, [...execArgv, deputyPath, '--wiring', options.wiring, '--cabinet', options.cabinet], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    }),
  scheduler: systemScheduler,
  timeouts: guardTimeouts,
  log,
});
const core = new GuardCore({
  driver: outputDriver({ cabinet: options.cabinet }, systemScheduler),
  lines: guardedLines(wiring.value),
  clock: systemClock,
  scheduler: systemScheduler,
  timeouts: guardTimeouts,
  failpoints,
  deputy,
  log,
});

// Both take their time: side by side the guard is ready sooner.
deputy.start();
await core.start();
const server = await serveGuard(options.socket, { core, failpoints, log });
log('started', { socket: options.socket });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await core.stop();
  deputy.stop();
  await server.close();
  log('stopped');
  exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
