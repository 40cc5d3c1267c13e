import type { Response } from 'express';
import type { CabinetView } from '@tessera/hardware/cabinet/dock/view';
import type { Scheduler } from '@tessera/shared/ports';
import type { CabinetModel } from '../model.ts';

/** Views follow each other at most this often, in ms. */
const FRAME_MS = 50;
/** A silent stream says something this often, so that a dead page is noticed. */
const IDLE_MS = 5_000;
/** The dock shows the last drops only. */
const DROPS_SHOWN = 12;

/** Sends the cabinet's view to every open dock as server-sent events: at each change, and steadily while something turns. */
export class LiveViews {
  readonly #view: () => CabinetView;
  readonly #scheduler: Scheduler;
  readonly #pages = new Set<Response>();
  #waiting = false;

  constructor({ view, scheduler, model }: { view: () => CabinetView; scheduler: Scheduler; model: CabinetModel }) {
    this.#view = view;
    this.#scheduler = scheduler;
    model.onChange(() => {
      this.#soon(FRAME_MS);
    });
  }

  attach(response: Response): void {
    response.status(200).set({ 'Content-Type': 'text/event-stream', Connection: 'keep-alive' });
    response.flushHeaders();
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
    this.#send(response, this.#shown());
    this.#idle(response);
  }

  #idle(response: Response): void {
    this.#scheduler.after(IDLE_MS, () => {
      if (!this.#pages.has(response)) return;
      response.write(': still here\n\n');
      this.#idle(response);
    });
  }

  #soon(inMs: number): void {
    if (this.#waiting || this.#pages.size === 0) return;
    this.#waiting = true;
    this.#scheduler.after(inMs, () => {
      this.#waiting = false;
      const view = this.#shown();
      for (const page of this.#pages) this.#send(page, view);
      if (view.slots.some(({ speed }) => speed !== 0)) this.#soon(FRAME_MS);
    });
  }

  #shown(): CabinetView {
    const view = this.#view();
    return { ...view, drops: view.drops.slice(-DROPS_SHOWN), driven: [] };
  }

  #send(page: Response, view: CabinetView): void {
    page.write(`data: ${JSON.stringify(view)}\n\n`);
  }
}
