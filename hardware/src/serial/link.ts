import type { Cancel, Scheduler } from '@tessera/shared/ports';
import { err, type Result } from '@tessera/shared/result';
import { Backoff } from '../platform/backoff.ts';
import type { HardwareProblem } from '../ports.ts';
import type { SerialHandle, SerialPorts } from './ports.ts';

export type SerialLinkDependencies = {
  readonly ports: SerialPorts;
  readonly path: string;
  readonly baudRate: number;
  readonly scheduler: Scheduler;
  readonly retry: { readonly firstMs: number; readonly mostMs: number };
  /** How often the path is looked at. */
  readonly checkMs: number;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onUp: (up: boolean) => void;
};

/** Keeps a serial port open by its stable path: through unplugging, renaming, and ends that nobody tells of. */
export class SerialLink {
  readonly #deps: SerialLinkDependencies;
  readonly #backoff: Backoff;
  #handle: SerialHandle | undefined;
  #closed = false;
  #cancelCheck: Cancel = () => undefined;

  constructor(deps: SerialLinkDependencies) {
    this.#deps = deps;
    this.#backoff = new Backoff(deps.scheduler, deps.retry);
    void this.#open();
  }

  get up(): boolean {
    return this.#handle !== undefined;
  }

  /** Sends bytes; `gone` while the port is not there. */
  write(bytes: Uint8Array): Promise<Result<void, HardwareProblem>> {
    if (!this.#handle) return Promise.resolve(err({ code: 'gone', detail: `${this.#deps.path} is not there.` }));
    return this.#handle.write(bytes);
  }

  close(): void {
    this.#closed = true;
    this.#backoff.stop();
    this.#cancelCheck();
    this.#handle?.close();
    this.#handle = undefined;
  }

  /** The device behaves as if it were not there: opens it anew. */
  reopen(): void {
    const handle = this.#handle;
    if (handle) this.#lose(handle);
  }

  async #open(): Promise<void> {
    const { ports, path, baudRate } = this.#deps;
    const identity = await ports.identity(path);
    const opened = identity === undefined ? undefined : await ports.open(path, { baudRate });
    if (this.#closed) {
      if (opened?.ok === true) opened.value.close();
      return;
    }
    if (opened?.ok !== true || identity === undefined) {
      this.#again();
      return;
    }
    const handle = opened.value;
    this.#backoff.reset();
    this.#handle = handle;
    handle.onBytes((bytes) => {
      if (this.#handle === handle) this.#deps.onBytes(bytes);
    });
    handle.onClose(() => {
      this.#lose(handle);
    });
    this.#check(handle, identity);
    this.#deps.onUp(true);
  }

  #check(handle: SerialHandle, identity: string): void {
    this.#cancelCheck = this.#deps.scheduler.after(this.#deps.checkMs, () => {
      void this.#deps.ports.identity(this.#deps.path).then((now) => {
        if (this.#handle !== handle) return;
        if (now === identity) this.#check(handle, identity);
        else this.#lose(handle);
      });
    });
  }

  #lose(handle: SerialHandle): void {
    if (this.#handle !== handle) return;
    this.#handle = undefined;
    this.#cancelCheck();
    handle.close();
    this.#deps.onUp(false);
    this.#again();
  }

  #again(): void {
    this.#backoff.retry(() => void this.#open());
  }
}
