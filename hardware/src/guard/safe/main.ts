import { exit } from 'node:process';
import { outputDriver } from '../../lines/drivers.ts';
import { readArguments } from '../../platform/arguments.ts';
import { createLog } from '../../platform/log.ts';
import { systemClock, systemScheduler } from '../../platform/system.ts';
import { guardedLines, loadWiring } from '../../wiring.ts';
import { DeputyCore } from '../deputy/core.ts';
import { lineDoor } from '../line-door.ts';
import { guardEvents } from '../log-events.ts';
import { guardTimeouts } from '../timeouts.ts';

const about =
  'Makes every output line inactive, once, and ends. systemd runs it after the guard has gone (ExecStopPost).';
const read = readArguments(process.argv.slice(2), lineDoor('safe', about));
if (read.kind === 'print') {
  process.stderr.write(read.text);
  exit(read.exitCode);
}
const wiring = await loadWiring(read.options.wiring);
if (!wiring.ok) {
  process.stderr.write(`${wiring.error}\n`);
  exit(2);
}
const deputy = new DeputyCore({
  driver: outputDriver({ cabinet: read.options.cabinet }, systemScheduler),
  lines: guardedLines(wiring.value),
  clock: systemClock,
  scheduler: systemScheduler,
  timeouts: guardTimeouts,
  log: createLog('guard.safe', guardEvents),
  // The guard has ended before this runs.
  killGuard: () => undefined,
});
await deputy.makeSafe('guard_gone');
exit(0);
