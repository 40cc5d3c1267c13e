import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rdm6300Reader } from '@tessera/hardware/devices/card-reader';
import { serialScanner } from '@tessera/hardware/devices/scanner';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { createLog } from '@tessera/hardware/platform/log';
import { systemChance, systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { loadWiring } from '@tessera/hardware/wiring';
import { buildDaemon } from '@tessera/kiosk-daemon/build-daemon';
import { serveGateway } from '@tessera/kiosk-daemon/gateway/serve';
import { socketIoTransport } from '@tessera/kiosk-daemon/link/socketio-transport';
import { httpPictures } from '@tessera/kiosk-daemon/platform/fetching';
import { logEvents } from '@tessera/kiosk-daemon/platform/log-events';
import { Metrics } from '@tessera/kiosk-daemon/platform/metrics';
import { nodeDisk } from '@tessera/kiosk-daemon/platform/node-disk';
import { defaultTimeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import { startMachine } from './machine.ts';

/**
 * The kiosk daemon as kiosk/daemon/src/main.ts composes it, in a process of its own, with one difference: guard and cabinet
 * are in this process and run `--speed` times faster than metal. What is resident here is at least what the daemon needs.
 */
const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    port: { type: 'string', default: '' },
    ui: { type: 'string', default: '' },
    server: { type: 'string', default: '' },
    wiring: { type: 'string', default: '' },
    scanner: { type: 'string', default: '' },
    reader: { type: 'string', default: '' },
    speed: { type: 'string', default: '' },
  },
});

const HTTP_TIMEOUT_MS = 10_000;
const HOST = '127.0.0.1';
const log = createLog('daemon', logEvents);
const wiring = await loadWiring(flags.wiring);
if (!wiring.ok) throw new Error(wiring.error);
const dispenser = await startMachine(wiring.value, Number(flags.speed));
const time = { clock: systemClock, scheduler: systemScheduler };
const metrics = new Metrics();
const daemon = await buildDaemon({
  ...time,
  chance: systemChance,
  failpoints: { hit: () => undefined },
  disk: await nodeDisk(flags.data),
  transport: socketIoTransport(flags.server, HTTP_TIMEOUT_MS),
  dispenser,
  readers: {
    scanner: serialScanner({ ...time, path: flags.scanner, timeouts: deviceTimeouts }),
    card: rdm6300Reader({ ...time, path: flags.reader, timeouts: deviceTimeouts }),
  },
  fetchPicture: httpPictures(flags.server, HTTP_TIMEOUT_MS),
  timeouts: defaultTimeouts,
  prefs: { language: 'zh', largeText: false, highContrast: false, spoken: false },
  log,
  metrics,
  compactAboveBytes: 1024 * 1024,
  diskReserveBytes: 16 * 1024 * 1024,
  fatal: () => process.exit(70),
});
const door = {
  daemon,
  scheduler: systemScheduler,
  metrics,
  log,
  hosts: [HOST],
  uiFolder: resolve(flags.ui),
  host: HOST,
};
const gateway = await serveGateway({ ...door, port: Number(flags.port) });
process.on('SIGTERM', () => {
  void (async () => {
    await daemon.stop();
    await gateway.close();
    process.exit(0);
  })();
});
await dispenser.start();
await daemon.start();
