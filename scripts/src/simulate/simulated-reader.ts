import type { Reader } from '@tessera/hardware/ports';

/** A scanner or card reader that the simulation plays. */
export class SimulatedReader implements Reader {
  readonly healthy = true;
  #listener: (text: string) => void = () => undefined;

  onRead(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  onHealth(): void {
    // It is always healthy.
  }

  read(text: string): void {
    this.#listener(text);
  }
}
