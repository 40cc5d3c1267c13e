import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Link } from '../link/link.ts';

/**
 * Tells the server the live state: a while after a change, and every so often. The newest state counts; older ones are never
 * queued. A vend changes it ten times in five seconds, and nobody reads that fast; and what is told at once would stand at
 * the server's door before the authorisation that the same tap asks for.
 */
export class StatusReporter {
  #told = '';
  /** It is going to be told, or is being told. */
  #due = false;
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
    if (this.#due) return;
    this.#due = true;
    this.deps.scheduler.after(this.deps.restMs, () => {
      this.#tell().catch(this.deps.fatal);
    });
  }

  async #tell(): Promise<void> {
    const { link, read } = this.deps;
    const status = read();
    const { journalHead: _, ...state } = status;
    const text = JSON.stringify(state);
    const isNews = text !== this.#told;
    this.#told = text;
    const answer = isNews ? await link.ask('status', status) : undefined;
    this.#due = false;
    if (answer?.ok === false) this.#told = '';
    else if (isNews) this.changed();
  }
}
