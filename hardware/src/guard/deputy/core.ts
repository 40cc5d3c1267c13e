import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import type { OutputDriver } from '../../ports.ts';
import type { GuardedLine } from '../../wiring.ts';
import type { GuardLog } from '../log-events.ts';
import type { GuardTimeouts } from '../timeouts.ts';
import type { ToDeputy } from './protocol.ts';

export type DeputyDependencies = {
  readonly driver: OutputDriver;
  readonly lines: readonly GuardedLine[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeouts: GuardTimeouts;
  readonly log: GuardLog;
  /** Ends the guard so that the lines come free; it is stopped or hung. */
  readonly killGuard: () => void;
};

/** Tries to claim lines that a dying guard still holds come this often. */
const CLAIM_RETRY_MS = 3;
/** After this a living guard must own the lines again, and it claimed them inactive. */
const CLAIM_PATIENCE_MS = 2_000;

/**
 * The rules of the deputy: where the guard dies with its pipe, or a pulse outlasts its time, the guard is ended,
 * all lines are claimed inactive, and given back.
 */
export class DeputyCore {
  readonly #deps: DeputyDependencies;
  readonly #watched = new Map<number, Cancel>();
  #safe: Promise<void> | undefined;

  constructor(deps: DeputyDependencies) {
    this.#deps = deps;
  }

  receive(message: Exclude<ToDeputy, { type: 'beat' | 'bye' }>): void {
    this.#watched.get(message.line)?.();
    this.#watched.delete(message.line);
    if (message.type === 'let_go') return;
    const dueMs = message.ms + this.#deps.timeouts.deputyGraceMs;
    this.#watched.set(
      message.line,
      this.#deps.scheduler.after(dueMs, () => void this.makeSafe('overdue')),
    );
  }

  /** Ends the guard and makes the lines safe; once. */
  makeSafe(why: 'overdue' | 'guard_gone'): Promise<void> {
    this.#safe ??= this.#makeSafe(why);
    return this.#safe;
  }

  async #makeSafe(why: 'overdue' | 'guard_gone'): Promise<void> {
    const { log, killGuard, clock, scheduler, driver, lines } = this.#deps;
    if (this.#watched.size > 0) log('deputy_steps_in', { why, driven: [...this.#watched.keys()] });
    killGuard();
    const endMs = clock.monotonicMs() + CLAIM_PATIENCE_MS;
    for (;;) {
      const claimed = await driver.claim(lines);
      if (claimed.ok) {
        await claimed.value.release();
        log('deputy_made_safe');
        return;
      }
      if (clock.monotonicMs() > endMs) {
        log('deputy_failed', claimed.error);
        return;
      }
      await new Promise<void>((again) => scheduler.after(CLAIM_RETRY_MS, again));
    }
  }
}
