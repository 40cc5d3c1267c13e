import type { Scheduler } from '@tessera/shared/ports';
import { deviceHas } from '../faults.ts';
import type { CabinetModel } from '../model.ts';
import type { PluggedDevice } from './serial-device.ts';

/** How often the printer looks at what the host sent, in ms. */
const LOOK_MS = 40;
/** Fixed bits of every ESC/POS status byte; paper end is bit 5 of status 2, offline bit 3 of status 1. */
const FIXED = 0x12;
const PAPER_END = 0x20;
const OFFLINE = 0x08;
/** Printed lines that are kept for the dock. */
const KEPT_LINES = 60;

/** The simulated receipt printer: answers `DLE EOT n`, prints text lines, skips other commands. */
export class PrinterHead {
  readonly #device: PluggedDevice;
  readonly #model: CabinetModel;
  #line = '';
  #printed: string[] = [];

  constructor(deps: { device: PluggedDevice; model: CabinetModel; scheduler: Scheduler }) {
    this.#device = deps.device;
    this.#model = deps.model;
    const look = (): void => {
      this.#take(this.#device.heard());
      deps.scheduler.after(LOOK_MS, look);
    };
    look();
  }

  get printed(): readonly string[] {
    return this.#printed;
  }

  #take(bytes: Buffer): void {
    let text = bytes.toString('latin1');

    text = text.replace(/\x10\x04([\x01-\x04])/g, (_, n: string) => {
      this.#device.say(Buffer.of(this.#status(n.charCodeAt(0))));
      return '';
    });

    text = text.replace(/\x1b@|[\x1b\x1d][a-zA-Z!][\x00-\xff]/g, '');
    if (text === '' || deviceHas(this.#model.faults, 'printer', 'paper_out')) return;
    const lines = (this.#line + Buffer.from(text, 'latin1').toString('utf8')).split('\n');
    this.#line = lines.pop() ?? '';
    this.#printed = [...this.#printed, ...lines].slice(-KEPT_LINES);
  }

  #status(n: number): number {
    const paperOut = deviceHas(this.#model.faults, 'printer', 'paper_out');
    if (n === 1) return FIXED | (paperOut ? OFFLINE : 0);
    return FIXED | (n === 2 && paperOut ? PAPER_END : 0);
  }
}
