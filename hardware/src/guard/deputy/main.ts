import { kill, ppid, stdin, stdout, exit } from 'node:process';
import { outputDriver } from '../../lines/drivers.ts';
import { readArguments } from '../../platform/arguments.ts';
import { createLog } from '../../platform/log.ts';
import { raisePriority, systemClock, systemScheduler } from '../../platform/system.ts';
import { encodeLine, JsonLineDecoder } from '../../wire/json-lines.ts';
import { guardedLines, loadWiring } from '../../wiring.ts';
import { lineDoor } from '../line-door.ts';
import { guardEvents } from '../log-events.ts';
import { guardTimeouts } from '../timeouts.ts';
import { DeputyCore } from './core.ts';
import { toDeputySchema, type FromDeputy } from './protocol.ts';

const about = 'Started by the guard alone: lets go of the lines where the guard itself no longer can.';
const read = readArguments(process.argv.slice(2), lineDoor('deputy', about));
if (read.kind === 'print') {
  process.stderr.write(read.text);
  exit(read.exitCode);
}
const wiring = await loadWiring(read.options.wiring);
if (!wiring.ok) {
  process.stderr.write(`${wiring.error}\n`);
  exit(2);
}

raisePriority();
// A signal meant for the guard's whole group must not take the deputy first: it goes when its pipe does.
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
stdout.on('error', () => undefined);

const guardPid = ppid;
const core = new DeputyCore({
  driver: outputDriver({ cabinet: read.options.cabinet }, systemScheduler),
  lines: guardedLines(wiring.value),
  clock: systemClock,
  scheduler: systemScheduler,
  timeouts: guardTimeouts,
  log: createLog('guard.deputy', guardEvents),
  killGuard: () => {
    // Once our parent is another, the guard has ended and its id may belong to somebody else.
    if (process.ppid === guardPid) kill(guardPid, 'SIGKILL');
  },
});

const decoder = new JsonLineDecoder();
stdin.on('data', (chunk: Buffer) => {
  for (const line of decoder.push(chunk)) {
    const message = toDeputySchema.safeParse(line.kind === 'value' ? line.value : undefined);
    if (!message.success) continue;
    if (message.data.type === 'bye') exit(0);
    else if (message.data.type === 'beat') stdout.write(encodeLine({ type: 'beat' } satisfies FromDeputy));
    else core.receive(message.data);
  }
});
stdin.on('end', () => {
  void core.makeSafe('guard_gone').then(() => exit(0));
});
stdout.write(encodeLine({ type: 'beat' } satisfies FromDeputy));
