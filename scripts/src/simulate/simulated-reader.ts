import type { Reader } from '@tessera/hardware/ports';

/** A scanner or card reader that the simulation plays. */
export class SimulatedReader implements Reader {
  healthy = true;
  #listener: (text: string) => void = () => undefined;
  #tell: (healthy: boolean) => void = () => undefined;

  onRead(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  onHealth(listener: (healthy: boolean) => void): void {
    this.#tell = listener;
  }

  read(text: string): void {
    if (this.healthy) this.#listener(text);
  }

  /** Pulls the plug, or puts it in again. */
  plug(isIn: boolean): void {
    this.healthy = isIn;
    this.#tell(isIn);
  }
}
