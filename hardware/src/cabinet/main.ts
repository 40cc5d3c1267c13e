import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { exit } from 'node:process';
import * as z from 'zod/mini';
import { readArguments } from '../platform/arguments.ts';
import { createLog } from '../platform/log.ts';
import { raisePriority, systemChance, systemClock, systemScheduler } from '../platform/system.ts';
import { demoWiring, MOST_SLOTS } from '../wiring.ts';
import { demoCode, demoMembersFrom } from './demo-members.ts';
import { PrinterHead } from './devices/printer-head.ts';
import { PluggedDevice } from './devices/serial-device.ts';
import type { SerialDevice } from './faults.ts';
import { cabinetApp } from './http/app.ts';
import { CabinetLines } from './lines.ts';
import { serveLines } from './lines-server.ts';
import { cabinetEvents } from './log-events.ts';
import { cabinetCounters } from './metrics.ts';
import { CabinetModel } from './model.ts';
import { physics } from './physics.ts';
import { CabinetStore } from './store.ts';
import { cabinetView, type CabinetDevices } from './view.ts';

const whole = (least: number, most: number): z.ZodMiniType<number> =>
  z.coerce.number().check(z.int(), z.minimum(least), z.maximum(most));

const read = readArguments(process.argv.slice(2), {
  command: 'cabinet --port N --socket PATH --tty-dir DIR --data DIR',
  about:
    'The simulated cabinet: motors, goods, sensors, scanner, reader and printer with their faults, and the ground truth\n' +
    'of what fell. The dock, a page to play with it, is at http://127.0.0.1:PORT/.',
  options: {
    port: { value: 'N', about: 'HTTP port of the dock and the API' },
    host: { value: 'ADDRESS', about: 'Where HTTP listens', fallback: '127.0.0.1' },
    socket: { value: 'PATH', about: 'Unix socket of the output and input lines' },
    'tty-dir': { value: 'DIR', about: 'Where scanner, reader and printer appear as terminals' },
    data: { value: 'DIR', about: 'Where the physical truth is kept over a restart' },
    slots: { value: 'N', about: `Slots of a new cabinet, 1 to ${String(MOST_SLOTS)}`, fallback: '8' },
    goods: { value: 'N', about: 'Items in each slot of a new or reset cabinet', fallback: '10' },
    'demo-members': { value: 'URL|FILE', about: 'Members that the dock offers for one click', fallback: '' },
  },
  schema: z.object({
    port: whole(0, 65_535),
    host: z.string(),
    socket: z.string(),
    'tty-dir': z.string(),
    data: z.string(),
    slots: whole(1, MOST_SLOTS),
    goods: whole(0, 99),
    'demo-members': z.string(),
  }),
});
if (read.kind === 'print') {
  process.stderr.write(read.text);
  exit(read.exitCode);
}
const { options } = read;
// The cabinet stands for things that no busy machine slows down.
raisePriority();
const log = createLog('cabinet', cabinetEvents);
const counters = cabinetCounters();
const store = new CabinetStore(options.data);
const model = new CabinetModel(
  {
    clock: systemClock,
    scheduler: systemScheduler,
    chance: systemChance,
    physics,
    slots: options.slots,
    goods: options.goods,
  },
  store.load(),
);
store.follow(model);
model.onDrop((drop) => {
  log('dropped', drop);
});

mkdirSync(options['tty-dir'], { recursive: true });
const plugIn = (device: SerialDevice): CabinetDevices[SerialDevice] => {
  const link = join(options['tty-dir'], device);
  return { link, device: new PluggedDevice({ device, link, model, chance: systemChance, log }) };
};
const devices: CabinetDevices = { scanner: plugIn('scanner'), reader: plugIn('reader'), printer: plugIn('printer') };
const printer = new PrinterHead({ device: devices.printer.device, model, scheduler: systemScheduler });

const lines = new CabinetLines(model, demoWiring(options.slots));
const lineServer = await serveLines(options.socket, { lines, counters, log });
const app = cabinetApp({
  model,
  devices,
  view: () => cabinetView(model, devices, printer.printed),
  forgetDrops: () => {
    store.forgetDrops();
  },
  demoMembers: demoMembersFrom(options['demo-members']),
  demoCode,
  scheduler: systemScheduler,
  counters,
  log,
});
const http = createServer(app);
await new Promise<void>((resolve, reject) => {
  http.once('error', reject);
  http.listen(options.port, options.host, resolve);
});
log('started', { address: http.address(), socket: options.socket, slots: options.slots });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await lineServer.close();
  for (const { device } of Object.values(devices)) device.unplug();
  http.closeAllConnections();
  http.close();
  log('stopped');
  exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
