import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OpenDoor } from '../../harness/open-door.ts';
import { memoryOf } from '../../harness/processes.ts';
import { finish, type Figure } from '../../report/report.ts';
import { openServer } from '../redemptions/fleet.ts';
import { ServerProcess } from '../redemptions/server-process.ts';
import { median, percentile } from '../statistics.ts';
import { foundCrowd } from './found.ts';
import { Crowd } from './orders.ts';

const HELP = `npm run bench:kiosks -- [--kiosks N] [--storms N] [--json]

What kiosks cost one server process while nobody stands before them: N kiosks (5000) enrol, connect, say hello and stay. Then
all lose their connection at once and come back, ten times (--storms). Yardstick: as many bare socket.io connections to a
bare server, in the same run.

Figures: resident_per_kiosk and bare_per_connection (KiB), storm_growth_per_kiosk (KiB, from after the first storm to after
the last), arrive_all and storm_all_back (s), heartbeat_late_p99 (ms beyond the interval, over a minute of quiet),
config_push_p50 and config_push_p99 (ms, from the request that changes a price to the kiosk's receipt).
`;

const KIB = 1024;
const BYTES_A_MB = 1_000_000;
/** socket.io's interval between two heartbeats. */
const PING_MS = 25_000;
const QUIET_MS = 60_000;
/** V8 gives back what a burst took when it has been idle for a while. */
const SETTLE_MS = 20_000;
const MOST_KIB = 30;
/** What counts as flat over all storms. */
const FLAT_KIB = 1;

const { values: flags } = parseArgs({
  options: {
    kiosks: { type: 'string', default: '5000' },
    storms: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The least resident set over a while, in bytes: what is needed, without what the last burst left lying about. */
async function settledBytes(pid: number): Promise<number> {
  let least = Infinity;
  for (let waited = 0; waited < SETTLE_MS; waited += 500) {
    least = Math.min(least, memoryOf(pid).residentMb * BYTES_A_MB);
    await sleep(500);
  }
  return least;
}

/** Resident KiB of one bare connection. */
async function measureBare(fleetFile: string, kiosks: number): Promise<number> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('./bare-server.js', import.meta.url))]);
  const port = await new Promise<string>((resolve) =>
    server.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
  );
  const crowd = new Crowd(fleetFile);
  try {
    const before = await settledBytes(server.pid ?? 0);
    await crowd.do({ type: 'arrive_bare', url: `http://127.0.0.1:${port}` });
    return ((await settledBytes(server.pid ?? 0)) - before) / kiosks / KIB;
  } finally {
    crowd.close();
    server.kill();
  }
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** How late each heartbeat came after the one before it, in ms. */
async function measureHeartbeats(crowd: Crowd): Promise<number[]> {
  await crowd.do({ type: 'tell' });
  await sleep(QUIET_MS);
  const heard = await crowd.do({ type: 'tell' });
  return heard.flatMap(({ pings }) =>
    pings.slice(1).map((at, index) => Math.max(0, at - (pings[index] ?? at) - PING_MS)),
  );
}

/** From the request that changes what all show to each one's receipt, in ms. */
async function measurePush(crowd: Crowd, door: OpenDoor, rewardId: string, kiosks: number): Promise<number[]> {
  const started = Date.now();
  await door.make(`/v1/rewards/${rewardId}`, { price: 120 }, 'PATCH');
  const took: number[] = [];
  while (took.length < kiosks && Date.now() - started < QUIET_MS) {
    await sleep(500);
    for (const { configs } of await crowd.do({ type: 'tell' }))
      took.push(...configs.slice(0, 1).map((at) => at - started));
  }
  if (took.length < kiosks) throw new Error(`${String(kiosks - took.length)} kiosks did not hear of the new price.`);
  return took;
}

async function measure(dataDir: string, kiosks: number, storms: number): Promise<Record<string, Figure>> {
  say(`Enrolling ${String(kiosks)} kiosks`);
  const founding = await openServer(dataDir);
  const { rewardId, kiosks: fleet } = await foundCrowd(founding, kiosks);
  await founding.close();
  const fleetFile = join(dataDir, 'fleet.json');
  writeFileSync(fleetFile, JSON.stringify(fleet));
  say('The yardstick');
  const barePerConnection = await measureBare(fleetFile, kiosks);
  const server = await ServerProcess.start(dataDir, []);
  const crowd = new Crowd(fleetFile);
  try {
    const { url, pid } = server;
    const alone = await settledBytes(pid);
    const arriveSeconds = await secondsOf(() => crowd.do({ type: 'arrive', url }));
    const perKiosk = [((await settledBytes(pid)) - alone) / kiosks / KIB];
    say(`All have arrived after ${arriveSeconds.toFixed(1)} s`);
    const back: number[] = [];
    for (let storm = 1; storm <= storms; storm += 1) {
      back.push(await secondsOf(() => crowd.do({ type: 'storm', url })));
      perKiosk.push(((await settledBytes(pid)) - alone) / kiosks / KIB);
      say(
        `Storm ${String(storm)}: back after ${(back.at(-1) ?? 0).toFixed(1)} s, ${(perKiosk.at(-1) ?? 0).toFixed(1)} KiB`,
      );
    }
    say('A minute of quiet');
    const late = await measureHeartbeats(crowd);
    const token = readFileSync(join(dataDir, 'server', 'operator.token'), 'utf8').trim();
    const pushed = await measurePush(crowd, new OpenDoor(url, token), rewardId, kiosks);
    const [first = 0, afterFirst = first] = perKiosk;
    return {
      resident_per_kiosk: { value: first, unit: 'KiB', target: MOST_KIB },
      bare_per_connection: { value: barePerConnection, unit: 'KiB' },
      storm_growth_per_kiosk: { value: (perKiosk.at(-1) ?? first) - afterFirst, unit: 'KiB', target: FLAT_KIB },
      arrive_all: { value: arriveSeconds, unit: 's' },
      storm_all_back: { value: median(back), unit: 's' },
      heartbeat_late_p99: { value: percentile(late, 0.99), unit: 'ms' },
      config_push_p50: { value: percentile(pushed, 0.5), unit: 'ms' },
      config_push_p99: { value: percentile(pushed, 0.99), unit: 'ms' },
    };
  } finally {
    crowd.close();
    await server.stop();
  }
}

if (flags.help) process.stdout.write(HELP);
else {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-bench-kiosks-'));
  try {
    const figures = await measure(dataDir, Number(flags.kiosks), Number(flags.storms));
    const samples = join(tmpdir(), 'tessera-reports', 'bench-kiosks.json');
    finish({ name: 'bench:kiosks', figures, samples }, figures, flags.json);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
