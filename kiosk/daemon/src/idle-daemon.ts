import { problem } from '@tessera/shared/problem';
import type { OutReason } from '@tessera/shared/protocol/ui';
import { err } from '@tessera/shared/result';
import type { Daemon, DaemonDependencies } from './dependencies.ts';
import { SessionController } from './session/controller.ts';

/** A daemon that cannot serve until staff act: it shows why, and nothing leads out of that screen. */
export class IdleDaemon implements Daemon {
  readonly controller: SessionController;
  readonly pictures = { read: () => Promise.resolve(undefined) };

  constructor(
    private readonly deps: DaemonDependencies,
    reason: OutReason,
  ) {
    const never = (): never => {
      throw new Error('A kiosk out of service redeems nothing');
    };
    this.controller = new SessionController({
      ...deps,
      link: { online: false, ask: () => Promise.resolve(err(problem('unavailable'))) },
      runner: { walkUp: never, pickup: never, prove: never },
      pickupFacts: () => null,
      defaultPrefs: deps.prefs,
      surroundings: () => ({
        config: null,
        slots: [],
        outReasons: [reason],
        pickupPossible: false,
        tray: 'unknown',
        reading: { scanner: false, card: false },
        picturePath: () => null,
      }),
      online: () => false,
      onState: () => undefined,
    });
  }

  start(): Promise<void> {
    this.controller.refresh();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.controller.stop();
    this.deps.log('stopped');
    return Promise.resolve();
  }
}
