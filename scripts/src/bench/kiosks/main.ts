import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenDoor } from '../../harness/open-door.ts';
import { memoryOf } from '../../harness/processes.ts';
import { readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { databaseFileOf, openServer } from '../redemptions/fleet.ts';
import { ServerProcess } from '../redemptions/server-process.ts';
import { startBare } from '../start-bare.ts';
import { median, percentile, robustSlope } from '../statistics.ts';
import { Crowd } from './crowd-process.ts';
import { foundCrowd } from './found.ts';

const HELP = `npm run bench:kiosks -- [--kiosks N] [--storms N] [--json]

What kiosks cost one server process while nobody stands before them: N kiosks (5000) enrol, connect, say hello and stay. Then
all lose their connection at once and come back, ten times (--storms). Yardstick: as many bare socket.io connections to a
bare server, in the same run.

Figures: resident_per_kiosk and bare_per_connection (KiB), storm_growth_per_kiosk (KiB over all storms, by a robust fit),
arrive_all and storm_all_back (s), heartbeat_late_p99 (ms beyond the interval, over a minute of quiet),
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
/** What counts as flat over all storms: a tenth of what a kiosk may cost. */
const FLAT_KIB = 3;
/** One in so many arrives first. */
const FIRST_PART = 5;

const { values: flags } = readFlags({
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

type Arrival = { readonly kibEach: number; readonly seconds: number };

/**
 * Lets the crowd arrive in two parts. What one costs is the slope between them: a server that has just started still holds
 * what its start has left, and gives it back later.
 */
async function measureArrival(
  crowd: Crowd,
  type: 'arrive' | 'arrive_bare',
  { url, pid, kiosks }: { url: string; pid: number; kiosks: number },
): Promise<Arrival> {
  const first = Math.floor(kiosks / FIRST_PART);
  const early = await secondsOf(() => crowd.do({ type, url, part: [0, first] }));
  const before = await settledBytes(pid);
  const late = await secondsOf(() => crowd.do({ type, url, part: [first, kiosks] }));
  const kibEach = ((await settledBytes(pid)) - before) / (kiosks - first) / KIB;
  return { kibEach, seconds: early + late };
}

/** The yardstick. */
async function measureBare(fleetFile: string, kiosks: number): Promise<Arrival> {
  const { child, url } = await startBare('server');
  const crowd = new Crowd(fleetFile);
  try {
    return await measureArrival(crowd, 'arrive_bare', { url, pid: child.pid ?? 0, kiosks });
  } finally {
    await crowd.end();
    child.kill();
  }
}

type Storm = { readonly seconds: number; readonly kibEach: number };

/** What the server holds for each kiosk after each storm, beyond what it held before the first. */
async function measureStorms(
  crowd: Crowd,
  { url, pid, kiosks }: { url: string; pid: number; kiosks: number },
  storms: number,
): Promise<Storm[]> {
  const calm = await settledBytes(pid);
  const measured: Storm[] = [];
  while (measured.length < storms) {
    const seconds = await secondsOf(() => crowd.do({ type: 'storm', url }));
    const kibEach = ((await settledBytes(pid)) - calm) / kiosks / KIB;
    measured.push({ seconds, kibEach });
    say(`Storm ${String(measured.length)}: back after ${seconds.toFixed(1)} s, ${kibEach.toFixed(1)} KiB more each`);
  }
  return measured;
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** How late each heartbeat came after the one before it, in ms. */
async function measureHeartbeats(crowd: Crowd): Promise<number[]> {
  await crowd.tell();
  await sleep(QUIET_MS);
  const heard = await crowd.tell();
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
    for (const { configs } of await crowd.tell()) took.push(...configs.slice(0, 1).map((at) => at - started));
  }
  if (took.length < kiosks) throw new Error(`${String(kiosks - took.length)} kiosks did not hear of the new price.`);
  return took;
}

/** The figures, and what they were made of. */
type Measured = { readonly figures: Record<string, Figure>; readonly raw: unknown };

async function measure(dataDir: string, kiosks: number, storms: number): Promise<Measured> {
  say(`Enrolling ${String(kiosks)} kiosks`);
  const founding = await openServer(databaseFileOf(dataDir));
  const { rewardId, kiosks: fleet } = await foundCrowd(founding, kiosks);
  await founding.close();
  const fleetFile = join(dataDir, 'fleet.json');
  writeFileSync(fleetFile, JSON.stringify(fleet));
  say('The yardstick');
  const bare = await measureBare(fleetFile, kiosks);
  say(`A bare connection: ${bare.kibEach.toFixed(1)} KiB`);
  const server = await ServerProcess.start(dataDir, databaseFileOf(dataDir), []);
  const crowd = new Crowd(fleetFile);
  try {
    const at = { url: server.url, pid: server.pid, kiosks };
    const arrival = await measureArrival(crowd, 'arrive', at);
    say(`All have arrived after ${arrival.seconds.toFixed(1)} s: ${arrival.kibEach.toFixed(1)} KiB each`);
    const after = await measureStorms(crowd, at, storms);
    say('A minute of quiet');
    const late = await measureHeartbeats(crowd);
    const token = readFileSync(join(dataDir, 'server', 'operator.token'), 'utf8').trim();
    const pushed = await measurePush(crowd, new OpenDoor(server.url, token), rewardId, kiosks);
    const aStorm = robustSlope(after.map(({ kibEach }, storm) => ({ x: storm, y: kibEach })));
    const figures = {
      resident_per_kiosk: { value: arrival.kibEach, unit: 'KiB', target: MOST_KIB },
      bare_per_connection: { value: bare.kibEach, unit: 'KiB' },
      storm_growth_per_kiosk: { value: aStorm * storms, unit: 'KiB', target: FLAT_KIB },
      arrive_all: { value: arrival.seconds, unit: 's' },
      storm_all_back: { value: median(after.map(({ seconds }) => seconds)), unit: 's' },
      heartbeat_late_p99: { value: percentile(late, 0.99), unit: 'ms' },
      config_push_p50: { value: percentile(pushed, 0.5), unit: 'ms' },
      config_push_p99: { value: percentile(pushed, 0.99), unit: 'ms' },
    };
    return { figures, raw: { bare, arrival, storms: after, heartbeatLateMs: late, configPushMs: pushed } };
  } finally {
    await crowd.end();
    await server.stop();
  }
}

if (flags.help) process.stdout.write(HELP);
else {
  const kiosks = wholeFlag('kiosks', flags.kiosks, 2);
  const storms = wholeFlag('storms', flags.storms, 2);
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-bench-kiosks-'));
  try {
    const { figures, raw } = await measure(dataDir, kiosks, storms);
    const samples = join(tmpdir(), 'tessera-reports', 'bench-kiosks.json');
    finish({ name: 'bench:kiosks', figures, samples }, raw, flags.json);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
