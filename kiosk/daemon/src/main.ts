import { resolve } from 'node:path';
import { GuardClient } from '@tessera/hardware/guard/client';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { rdm6300Reader } from '@tessera/hardware/devices/card-reader';
import { SpiralDispenser } from '@tessera/hardware/devices/dispenser';
import { serialScanner } from '@tessera/hardware/devices/scanner';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { inputDriver } from '@tessera/hardware/lines/drivers';
import type { Arguments } from '@tessera/hardware/platform/arguments';
import { createLog } from '@tessera/hardware/platform/log';
import { systemChance, systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { loadWiring } from '@tessera/hardware/wiring';
import { armFailpoints } from '@tessera/shared/ports';
import { buildDaemon } from './build-daemon.ts';
import { enrol } from './enrolment/enrol.ts';
import { serveGateway } from './gateway/serve.ts';
import { socketIoTransport } from './link/socketio-transport.ts';
import { readEnrolOptions, readServeOptions, type ServeOptions } from './options.ts';
import type { Disk } from './platform/disk.ts';
import { httpPictures, httpPostJson } from './platform/fetching.ts';
import { logEvents } from './platform/log-events.ts';
import { Metrics } from './platform/metrics.ts';
import { nodeDisk } from './platform/node-disk.ts';
import { defaultTimeouts } from './platform/timeouts.ts';
import { openKioskStore } from './store/stores.ts';

const HTTP_TIMEOUT_MS = 10_000;
const COMPACT_ABOVE_BYTES = 1024 * 1024;
const DISK_RESERVE_BYTES = 16 * 1024 * 1024;
const CODE_FILE = 'enrol.code';

const log = createLog('daemon', logEvents);

/** Ends the process at once: after a failed sync or a bug nothing may be answered any more. systemd starts it again. */
const fatal = (): never => process.exit(70);

function optionsOf<T>(read: Arguments<T>): T {
  if (read.kind === 'run') return read.options;
  process.stderr.write(read.text);
  process.exit(read.exitCode);
}

/** Enrols this device and says who it is now; the reason on standard error otherwise. */
async function enrolNow(disk: Disk, serverUrl: string, code: string): Promise<string | undefined> {
  const kiosk = await openKioskStore({ disk, log, hit: () => undefined, fatal });
  const postJson = httpPostJson(serverUrl, HTTP_TIMEOUT_MS);
  const enrolled = await enrol(code, { disk, chance: systemChance, clock: systemClock, log, kiosk, postJson });
  if (enrolled.ok) return enrolled.value;
  process.stderr.write(`${enrolled.error.title} ${enrolled.error.detail ?? ''}\n`);
  return undefined;
}

/** A code on the command line, in the environment, or in a file that is used up by its use. */
async function enrolOnStart(disk: Disk, options: ServeOptions): Promise<void> {
  const file = await disk.read(CODE_FILE);
  const inFile = file && Buffer.from(file).toString('utf8').trim();
  const code = [options.enrol, process.env['TESSERA_ENROL_CODE'], inFile].find((each) => each);
  if (code === undefined) return;
  const kioskId = await enrolNow(disk, options.server, code);
  if (kioskId !== undefined && inFile === code) await disk.remove(CODE_FILE);
}

async function serve(options: ServeOptions): Promise<void> {
  const wiring = await loadWiring(options.wiring);
  if (!wiring.ok) {
    process.stderr.write(`${wiring.error}\n`);
    process.exit(2);
  }
  const disk = await nodeDisk(options.data);
  await enrolOnStart(disk, options);
  const time = { clock: systemClock, scheduler: systemScheduler };
  const guard = new GuardClient({ ...time, socketPath: options.guard, timeouts: guardTimeouts });
  const inputs = inputDriver({ cabinet: options.inputs }, systemScheduler);
  const dispenser = new SpiralDispenser({ ...time, guard, inputs, wiring: wiring.value, timeouts: deviceTimeouts });
  const scanner = serialScanner({ ...time, path: options.scanner, timeouts: deviceTimeouts });
  const card = rdm6300Reader({ ...time, path: options.reader, timeouts: deviceTimeouts });
  const metrics = new Metrics();
  const daemon = await buildDaemon({
    ...time,
    chance: systemChance,
    failpoints: armFailpoints(process.env['TESSERA_FAILPOINTS'] ?? '', (_, signal) =>
      process.kill(process.pid, signal),
    ),
    disk,
    transport: socketIoTransport(options.server, HTTP_TIMEOUT_MS),
    dispenser,
    readers: { scanner, card },
    fetchPicture: httpPictures(options.server, HTTP_TIMEOUT_MS),
    timeouts: defaultTimeouts,
    prefs: { language: options.language, largeText: false, highContrast: false, spoken: false },
    log,
    metrics,
    compactAboveBytes: COMPACT_ABOVE_BYTES,
    diskReserveBytes: DISK_RESERVE_BYTES,
    fatal,
  });
  const hosts = ['127.0.0.1', 'localhost', options.host];
  const door = {
    daemon,
    scheduler: systemScheduler,
    metrics,
    log,
    hosts,
    uiFolder: resolve(options.ui),
    host: options.host,
  };
  const gateway = await serveGateway({ ...door, port: options.port });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await daemon.stop();
    await gateway.close();
    scanner.close();
    card.close();
    await dispenser.close();
    guard.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  await dispenser.start();
  await daemon.start();
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'enrol') {
  const options = optionsOf(readEnrolOptions(rest));
  const kioskId = await enrolNow(await nodeDisk(options.data), options.server, options.code);
  if (kioskId === undefined) process.exit(1);
  process.stdout.write(`${JSON.stringify({ kioskId })}\n`);
} else {
  await serve(optionsOf(readServeOptions(process.argv.slice(2))));
}
