import { renameSync, rmSync, symlinkSync } from 'node:fs';
import type { Chance } from '@tessera/shared/ports';
import { deviceHas, type SerialDevice } from '../faults.ts';
import type { CabinetLog } from '../log-events.ts';
import type { CabinetModel } from '../model.ts';
import { openPty, type Pty } from './pty.ts';

export type SerialDeviceDependencies = {
  readonly device: SerialDevice;
  /** The stable path, as udev would make it. */
  readonly link: string;
  readonly model: CabinetModel;
  readonly chance: Chance;
  readonly log: CabinetLog;
};

/** One device with a plug: a pseudo-terminal behind a stable path, there as long as it is plugged in. */
export class PluggedDevice {
  readonly #deps: SerialDeviceDependencies;
  #pty: Pty | undefined;

  constructor(deps: SerialDeviceDependencies) {
    this.#deps = deps;
    this.follow();
    deps.model.onChange(() => {
      this.follow();
    });
  }

  get plugged(): boolean {
    return this.#pty !== undefined;
  }

  /** Plugs in or pulls out as the model's faults say. */
  follow(): void {
    const unplugged = deviceHas(this.#deps.model.faults, this.#deps.device, 'unplugged');
    if (unplugged) this.unplug();
    else if (!this.#pty) this.#plug();
  }

  /** Sends a device's word to the host; false where it did not leave the device. Garbage comes before it, if so set. */
  say(bytes: Uint8Array): boolean {
    const { model, device, chance } = this.#deps;
    if (!this.#pty || deviceHas(model.faults, device, 'silence')) return false;
    if (deviceHas(model.faults, device, 'garbage')) this.#pty.write(chance.bytes(12));
    this.#pty.write(bytes);
    return true;
  }

  /** What the host has sent since. */
  heard(): Buffer {
    return this.#pty?.read() ?? Buffer.alloc(0);
  }

  unplug(): void {
    if (!this.#pty) return;
    rmSync(this.#deps.link, { force: true });
    this.#pty.close();
    this.#pty = undefined;
    this.#deps.log('device_unplugged', { device: this.#deps.device });
  }

  #plug(): void {
    this.#pty = openPty();
    const next = `${this.#deps.link}.next`;
    rmSync(next, { force: true });
    symlinkSync(this.#pty.path, next);
    renameSync(next, this.#deps.link);
    this.#deps.log('device_plugged', { device: this.#deps.device, link: this.#deps.link });
  }
}
