import type { Edge, Guard, Wiring } from '../ports.ts';

/** The lamp over the tray: shows where the gift is until it was taken, or for as long as the guard lets it shine. */
export class TrayLamp {
  readonly #guard: Guard;
  readonly #wiring: Wiring;

  constructor(guard: Guard, wiring: Wiring) {
    this.#guard = guard;
    this.#wiring = wiring;
  }

  /** A gift has fallen. */
  light(): void {
    const { indicator } = this.#wiring;
    // A courtesy: a lamp that stays dark changes nothing for anybody's points.
    if (indicator) void this.#guard.pulse({ line: indicator.line, ms: indicator.longestMs }).then(() => undefined);
  }

  /** Watches the tray: once it is empty the lamp goes out. */
  see({ line, active }: Edge): void {
    const { indicator, tray } = this.#wiring;
    if (indicator && line === tray?.input && !active) this.#guard.letGo(indicator.line);
  }
}
