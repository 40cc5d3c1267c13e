import type { CabinetView, DeviceView } from '@tessera/hardware/cabinet/dock/view';
import type { PluggedDevice } from './devices/serial-device.ts';
import { serialDevices, type SerialDevice } from './faults.ts';
import type { CabinetModel } from './model.ts';

/** The serial devices as the cabinet holds them, each with its stable path. */
export type CabinetDevices = Readonly<Record<SerialDevice, { readonly link: string; readonly device: PluggedDevice }>>;

/** The physical truth, as the API and the dock tell it. */
export function cabinetView(model: CabinetModel, devices: CabinetDevices, printed: readonly string[]): CabinetView {
  const saved = model.saved();
  const { faults } = model;
  return {
    slots: saved.slots.map(({ slot, goods, relay, pulses, hanging, angle }) => ({
      slot,
      goods,
      relay,
      pulses,
      hanging,
      angle,
      speed: model.speedOf(slot),
      home: model.read({ kind: 'home', slot }),
      current: model.read({ kind: 'current', slot }),
      faults: faults.slots.filter((each) => each.slot === slot).map(({ fault }) => fault),
    })),
    drops: model.drops.map(({ seq, slot, atMs }) => ({ seq, slot, atMs })),
    tray: saved.tray,
    falling: saved.falling.map(({ slot }) => slot),
    door: saved.doorOpen ? 'open' : 'closed',
    indicator: saved.indicator,
    beam: { broken: model.read({ kind: 'beam' }), emitterOff: saved.emitterOff, fault: faults.beam },
    devices: serialDevices.map((device): DeviceView => ({
      device,
      path: devices[device].link,
      plugged: devices[device].device.plugged,
      faults: faults.devices.filter((each) => each.device === device).map(({ fault }) => fault),
    })),
    driven: saved.driven,
    printed,
  };
}
