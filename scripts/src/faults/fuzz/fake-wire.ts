import type { SerialHandle, SerialPorts } from '@tessera/hardware/serial/ports';
import { ok, type Result } from '@tessera/shared/result';

/** A serial port whose far end is ours. */
export class FakeWire implements SerialPorts {
  #listeners: ((bytes: Uint8Array) => void)[] = [];

  open(): Promise<Result<SerialHandle, never>> {
    this.#listeners = [];
    return Promise.resolve(
      ok({
        onBytes: (listener) => this.#listeners.push(listener),
        onClose: () => undefined,
        write: () => Promise.resolve(ok(undefined)),
        close: () => (this.#listeners = []),
      }),
    );
  }

  identity(): Promise<string> {
    return Promise.resolve('the same');
  }

  say(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(bytes);
  }
}
