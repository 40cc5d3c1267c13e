import type { Scheduler } from '@tessera/shared/ports';
import type { Guard } from '../ports.ts';
import type { GuardCore } from './core.ts';
import type { GuardTimeouts } from './timeouts.ts';

/** A guard without sockets, for the deterministic simulation: the same rules, called directly. */
export function inProcessGuard(
  core: GuardCore,
  { scheduler, timeouts }: { scheduler: Scheduler; timeouts: GuardTimeouts },
): Guard & { close(): void } {
  let open = true;
  const session = core.attach(() => {
    open = false;
  });
  const beat = (): void => {
    if (!open) return;
    session.beat();
    scheduler.after(timeouts.beatMs, beat);
  };
  beat();
  return {
    pulse: ({ line, ms }) => session.pulse(line, ms),
    letGo: (line) => {
      session.letGo(line);
    },
    get alive() {
      return open && core.ready;
    },
    onAlive: (listener) => {
      core.onReady(listener);
    },
    close: () => {
      open = false;
      session.close();
    },
  };
}
