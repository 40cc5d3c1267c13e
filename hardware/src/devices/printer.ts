import type { Cancel, Scheduler } from '@tessera/shared/ports';
import { err, type Result } from '@tessera/shared/result';
import type { HardwareProblem } from '../ports.ts';
import { SerialLink } from '../serial/link.ts';
import type { SerialPorts } from '../serial/ports.ts';
import { systemSerialPorts } from '../serial/system-ports.ts';
import { askStatus, isStatusByte, readStatus, receiptBytes, type PrinterState } from './escpos.ts';
import type { DeviceTimeouts } from './timeouts.ts';

export type PrinterDependencies = {
  readonly path: string;
  readonly scheduler: Scheduler;
  readonly timeouts: DeviceTimeouts;
  readonly ports?: SerialPorts;
};

const BAUD_RATE = 19_200;

/** A receipt printer. It is a courtesy: nothing waits for it, and a vend never depends on it. */
export class ReceiptPrinter {
  readonly #deps: PrinterDependencies;
  readonly #link: SerialLink;
  readonly #listeners: ((state: PrinterState | 'unplugged') => void)[] = [];
  #state: PrinterState | 'unplugged' = 'unplugged';
  #onStatus: (byte: number) => void = () => undefined;
  #cancelCheck: Cancel = () => undefined;
  #closed = false;

  constructor(deps: PrinterDependencies) {
    const { path, scheduler, timeouts, ports = systemSerialPorts } = deps;
    this.#deps = deps;
    this.#link = new SerialLink({
      ports,
      path,
      baudRate: BAUD_RATE,
      scheduler,
      retry: { firstMs: timeouts.retryFirstMs, mostMs: timeouts.retryMostMs },
      checkMs: timeouts.portCheckMs,
      onBytes: (bytes) => {
        for (const byte of bytes) if (isStatusByte(byte)) this.#onStatus(byte);
      },
      onUp: (up) => {
        this.#cancelCheck();
        if (up) void this.#check();
        else this.#set('unplugged');
      },
    });
  }

  get state(): PrinterState | 'unplugged' {
    return this.#state;
  }

  onState(listener: (state: PrinterState | 'unplugged') => void): void {
    this.#listeners.push(listener);
  }

  /** Prints a receipt. A silent printer is tried all the same: many print and never answer. */
  print(lines: readonly string[]): Promise<Result<void, HardwareProblem>> {
    const state = this.#state;
    if (state === 'ready' || state === 'silent') return this.#link.write(receiptBytes(lines));
    return Promise.resolve(
      err({ code: state === 'unplugged' ? 'gone' : 'refused', detail: `The printer is ${state}.` }),
    );
  }

  close(): void {
    this.#closed = true;
    this.#cancelCheck();
    this.#link.close();
  }

  async #check(): Promise<void> {
    const printer = await this.#ask(1);
    const cause = printer === undefined ? undefined : await this.#ask(2);
    if (this.#closed || !this.#link.up) return;
    this.#set(printer === undefined || cause === undefined ? 'silent' : readStatus(printer, cause));
    this.#cancelCheck = this.#deps.scheduler.after(this.#deps.timeouts.printerCheckMs, () => void this.#check());
  }

  async #ask(n: 1 | 2): Promise<number | undefined> {
    const sent = await this.#link.write(askStatus(n));
    if (!sent.ok) return undefined;
    return new Promise((resolve) => {
      const cancel = this.#deps.scheduler.after(this.#deps.timeouts.printerAnswerMs, () => {
        resolve(undefined);
      });
      this.#onStatus = (byte) => {
        cancel();
        resolve(byte);
      };
    });
  }

  #set(state: PrinterState | 'unplugged'): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
