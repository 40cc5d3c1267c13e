/** A daemon for tests: drives one line for as long as the guard lets it, again and again if told. */
import { GuardClient } from '@tessera/hardware/guard/client';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { systemClock, systemScheduler } from '@tessera/hardware/platform/system';

const [socketPath = '', line = '0'] = process.argv.slice(2);
const guard = new GuardClient({ socketPath, clock: systemClock, scheduler: systemScheduler, timeouts: guardTimeouts });
guard.onAlive((alive) => {
  if (alive) void guard.pulse({ line: Number(line), ms: 60_000 });
});
