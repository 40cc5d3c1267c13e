import type { GuardCore } from '@tessera/hardware/guard/core';
import { inProcessGuard } from '@tessera/hardware/guard/in-process';
import type { Guard, PulseEnd } from '@tessera/hardware/ports';
import { err, ok } from '@tessera/shared/result';
import type { Incarnation } from './incarnation.ts';
import type { VirtualTime } from './virtual-time.ts';

type Whereabouts = {
  readonly time: VirtualTime;
  /** The life of the daemon that looks. */
  readonly life: Incarnation;
  readonly core: () => GuardCore | undefined;
  readonly guardLife: () => Incarnation | undefined;
  readonly timeouts: Parameters<typeof inProcessGuard>[1]['timeouts'];
};

/** The guard of this moment as one life of the daemon sees it: it comes back with each new guard, when `attach` is called. */
export function guardOfNow({ time, life, core: coreOfNow, guardLife: guardLifeOfNow, timeouts }: Whereabouts): {
  readonly guard: Guard;
  readonly attach: () => void;
} {
  const listeners: ((alive: boolean) => void)[] = [];
  let attached: { core: GuardCore; guard: Guard & { close(): void } } | undefined;
  const attach = (): Guard | undefined => {
    const core = coreOfNow();
    if (!core || !life.isAlive()) return undefined;
    if (attached?.core === core) return attached.guard;
    attached?.guard.close();
    const guard = inProcessGuard(core, { scheduler: life.scheduler(time), timeouts });
    for (const listener of listeners) guard.onAlive(listener);
    attached = { core, guard };
    for (const listener of listeners) listener(guard.alive);
    return guard;
  };
  attach();
  life.onDeath(() => attached?.guard.close());
  const guard: Guard = {
    pulse: (request) => {
      const guardLife = guardLifeOfNow();
      const here = guardLife?.isAlive() ? attach() : undefined;
      if (!here) return Promise.resolve(err({ code: 'gone', detail: 'No guard.' }));
      // A guard that dies answers nobody; its client then says, as the real one does, that nobody knows how long it drove.
      const broken = new Promise<ReturnType<typeof ok<PulseEnd>>>((resolve) => {
        guardLife?.onDeath(() => {
          resolve(ok({ drivenMs: 0, by: 'lost' }));
        });
      });
      return Promise.race([here.pulse(request), broken]);
    },
    letGo: (line) => attach()?.letGo(line),
    get alive() {
      return attach()?.alive ?? false;
    },
    onAlive: (listener) => {
      listeners.push(listener);
      attached?.guard.onAlive(listener);
    },
  };
  return { guard, attach: life.bind(() => void attach()) };
}
