import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Link } from '../link/link.ts';

/** Tells the server the live state: on change, and every so often. The newest state counts; older ones are never queued. */
export class StatusReporter {
  #told = '';
  #asking = false;
  #tick: Cancel = () => undefined;

  constructor(
    private readonly deps: {
      readonly link: Pick<Link, 'ask' | 'online'>;
      readonly scheduler: Scheduler;
      readonly everyMs: number;
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
    if (!this.#asking) this.#tell().catch(this.deps.fatal);
  }

  async #tell(): Promise<void> {
    this.#asking = true;
    for (;;) {
      const status = this.deps.read();
      const { journalHead: _, ...state } = status;
      const text = JSON.stringify(state);
      if (text === this.#told || !this.deps.link.online) break;
      this.#told = text;
      const answer = await this.deps.link.ask('status', status);
      if (!answer.ok) break;
    }
    this.#asking = false;
  }
}
