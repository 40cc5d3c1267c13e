import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import type { Reader } from '../ports.ts';
import { SerialLink } from '../serial/link.ts';
import type { SerialPorts } from '../serial/ports.ts';
import { Repeats } from './repeats.ts';
import type { DeviceTimeouts } from './timeouts.ts';

/** Turns a device's bytes into texts. */
export interface Framing {
  /** Texts completed by these bytes. */
  push(bytes: Uint8Array): string[];
  /** The wire has been still: texts that this completes. */
  still(): string[];
  /** Stretches of bytes that were nothing. */
  readonly refused: number;
}

export type SerialReaderDependencies = {
  readonly path: string;
  readonly ports: SerialPorts;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeouts: DeviceTimeouts;
};

/** A device that reads something and says it on a serial line. Garbage is counted and changes nothing. */
export class SerialReader implements Reader {
  readonly #deps: SerialReaderDependencies;
  readonly #framing: Framing;
  readonly #repeats: Repeats;
  readonly #link: SerialLink;
  readonly #readListeners: ((text: string) => void)[] = [];
  readonly #healthListeners: ((healthy: boolean) => void)[] = [];
  #cancelStill: Cancel = () => undefined;

  constructor(
    deps: SerialReaderDependencies,
    kind: { readonly framing: Framing; readonly baudRate: number; readonly repeatMs: number },
  ) {
    const { ports, path, scheduler, clock, timeouts } = deps;
    this.#deps = deps;
    this.#framing = kind.framing;
    this.#repeats = new Repeats(clock, kind.repeatMs);
    this.#link = new SerialLink({
      ports,
      path,
      baudRate: kind.baudRate,
      scheduler,
      retry: { firstMs: timeouts.retryFirstMs, mostMs: timeouts.retryMostMs },
      checkMs: timeouts.portCheckMs,
      onBytes: (bytes) => {
        this.#take(bytes);
      },
      onUp: (up) => {
        // A text that was cut by the unplugging must not be joined with what comes after.
        if (!up) this.#framing.still();
        for (const listener of this.#healthListeners) listener(up);
      },
    });
  }

  get healthy(): boolean {
    return this.#link.up;
  }

  /** Garbage so far, for the metrics. */
  get refused(): number {
    return this.#framing.refused;
  }

  onRead(listener: (text: string) => void): void {
    this.#readListeners.push(listener);
  }

  onHealth(listener: (healthy: boolean) => void): void {
    this.#healthListeners.push(listener);
  }

  close(): void {
    this.#cancelStill();
    this.#link.close();
  }

  #take(bytes: Uint8Array): void {
    this.#cancelStill();
    this.#say(this.#framing.push(bytes));
    this.#cancelStill = this.#deps.scheduler.after(this.#deps.timeouts.interByteMs, () => {
      this.#say(this.#framing.still());
    });
  }

  #say(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.#repeats.isNew(text)) for (const listener of this.#readListeners) listener(text);
    }
  }
}
