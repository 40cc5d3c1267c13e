import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { Timeouts } from '../platform/timeouts.ts';
import type { SessionState } from './events.ts';
import type { Session } from './step.ts';

/** Screens that end without a touch, and after which of the waits. The others end by themselves. */
const limits: Readonly<Partial<Record<SessionState, keyof Timeouts>>> = {
  identify: 'identifyMs',
  enter_number: 'enterNumberMs',
  enter_pin_card: 'enterPinMs',
  enter_pin_number: 'enterPinMs',
  checking: 'checkingMs',
  choose: 'chooseMs',
  confirm: 'confirmMs',
  take: 'takeMs',
  failed: 'failedMs',
  in_doubt: 'inDoubtMs',
};

/** How long a screen may stay without a touch; undefined for no limit. */
export function timeLimit({ state, data }: Session, timeouts: Timeouts): number | undefined {
  if (state === 'take' && data.trayEmpty) return timeouts.takenMs;
  const limit = limits[state];
  return limit && timeouts[limit];
}

/** The one running time limit: tells when little is left, and when it is over. */
export class ScreenTimer {
  #cancels: Cancel[] = [];
  #startedMs = 0;
  #ofMs: number | null = null;
  #warn = false;
  /** Rises with each start: two limits of the same length are not the same. */
  run = 0;

  constructor(
    private readonly dependencies: {
      readonly clock: Clock;
      readonly scheduler: Scheduler;
      readonly warnMs: number;
      readonly onWarn: () => void;
      readonly onTimeout: () => void;
    },
  ) {}

  /** Starts a limit in place of the last one; undefined for none. */
  start(ofMs: number | undefined): void {
    const { clock, scheduler, warnMs, onWarn, onTimeout } = this.dependencies;
    this.stop();
    if (ofMs === undefined) return;
    this.run += 1;
    this.#startedMs = clock.monotonicMs();
    this.#ofMs = ofMs;
    this.#cancels = [scheduler.after(ofMs, onTimeout)];
    if (ofMs <= warnMs) return;
    const warn = (): void => {
      this.#warn = true;
      onWarn();
    };
    this.#cancels.push(scheduler.after(ofMs - warnMs, warn));
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#ofMs = null;
    this.#warn = false;
  }

  /** The limit as the screen shows it. */
  get deadline(): Snapshot['deadline'] {
    if (this.#ofMs === null) return null;
    const passedMs = this.dependencies.clock.monotonicMs() - this.#startedMs;
    return { leftMs: Math.max(0, Math.round(this.#ofMs - passedMs)), ofMs: this.#ofMs, warn: this.#warn };
  }
}
