import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Link } from '../link/link.ts';

/**
 * Tells the server the live state: on change, but with a rest between two, and every so often. The newest state counts;
 * older ones are never queued. A vend changes it ten times in five seconds: nobody reads that fast.
 */
export class StatusReporter {
  #told = '';
  #busy = false;
  #tick: Cancel = () => undefined;

  constructor(
    private readonly deps: {
      readonly link: Pick<Link, 'ask' | 'online'>;
      readonly scheduler: Scheduler;
      readonly everyMs: number;
      readonly restMs: number;
      readonly read: () => KioskRequest<'status'>;
      /** Called with each tick, before the state is read. */
      readonly onTick: () => void;
      readonly fatal: (error: unknown) => void;
    },
  ) {}

  start(): void {
    this.#tick = this.deps.scheduler.after(this.deps.everyMs, () => {
      this.deps.onTick();
      this.#told = '';
      this.changed();
      this.start();
    });
  }

  stop(): void {
    this.#tick();
  }

  /** Something may have changed. */
  changed(): void {
    if (!this.deps.link.online) {
      this.#told = '';
      return;
    }
    if (!this.#busy) this.#tell().catch(this.deps.fatal);
  }

  async #tell(): Promise<void> {
    const { link, scheduler, restMs, read } = this.deps;
    const status = read();
    const { journalHead: _, ...state } = status;
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#busy = true;
    this.#told = text;
    const answer = await link.ask('status', status);
    if (!answer.ok) this.#told = '';
    scheduler.after(restMs, () => {
      this.#busy = false;
      if (answer.ok) this.changed();
    });
  }
}
