import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../../harness/world.ts';
import { amountFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish } from '../../report/report.ts';
import { median } from '../statistics.ts';
import { coldStart, type ColdStart } from './cold-start.ts';
import { growthOf } from './growth.ts';
import { endFastDaemon, redeemMany, startFastDaemon } from './redeem.ts';

const HELP = `npm run bench:daemon -- [--redemptions N] [--speed F] [--json]

The kiosk's daemon: how soon it serves, and what it keeps in memory over N redemptions (10000).

Cold start: the real daemon, spawned five times beside a running server, guard and cabinet, until /healthz answers ready
(at most 2,000 ms), and until the screen invites and the server has answered (serving). Laden: the same with the journal
of all N redemptions.

Memory: a real vend takes seconds, and 10,000 would take nine hours. So a daemon of its own, composed as the real one (real
server and socket, real journal with fdatasync, real screen socket, real serial devices, times and clock), has guard and
cabinet in its own process, F times faster than metal (40). Its resident set is therefore an upper bound of the daemon's.
It is looked at every 100 redemptions: at most 90 MB at the end, and flat: at most 4 MB by a robust fit over the last four
fifths, which is 500 bytes a redemption. A leaked session, snapshot or redemption weighs at least a kilobyte; the noise of the
collector's heap between two runs is 1 to 2 MB. MB are 10^6 bytes.

Figures: cold_start_p50, cold_start_cpu (processor time of the same, whatever else the computer does), cold_start_laden,
serving_p50, resident_start (the real daemon's, once it serves), resident_after, resident_peak, resident_growth, redemptions,
not_dropped (honest refusals and failures, which are not counted as redemptions).
`;

const STARTS = 5;
const EVERY = 100;
/** A short run still has samples enough to look at. */
const LEAST_SAMPLES = 20;
const TARGETS = { startMs: 2_000, residentMb: 90, growthMb: 4 };

const { values: flags } = readFlags({
  options: {
    redemptions: { type: 'string', default: '10000' },
    speed: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function coldStarts(world: World): Promise<ColdStart[]> {
  const starts: ColdStart[] = [];
  while (starts.length < STARTS) starts.push(await coldStart(world));
  return starts;
}

const p50 = (starts: readonly ColdStart[], read: (start: ColdStart) => number): number => median(starts.map(read));

async function run(redemptions: number, speed: number): Promise<void> {
  const world = await startWorld(say);
  try {
    const starts = await coldStarts(world);
    say(`ready in ${p50(starts, ({ readyMs }) => readyMs).toFixed(0)} ms`);
    await startFastDaemon(world, speed);
    const every = Math.max(1, Math.min(EVERY, Math.floor(redemptions / LEAST_SAMPLES)));
    const { samples, failed } = await redeemMany(world, { redemptions, every, say });
    await endFastDaemon(world);
    const laden = await coldStarts(world);
    const { residentMb, peakMb, growthMb } = growthOf(samples);
    const mb = (value: number) => ({ value, unit: 'MB' });
    const figures = {
      cold_start_p50: { value: p50(starts, ({ readyMs }) => readyMs), unit: 'ms', target: TARGETS.startMs },
      cold_start_cpu: { value: p50(starts, ({ cpuMs }) => cpuMs), unit: 'ms' },
      cold_start_laden: { value: p50(laden, ({ readyMs }) => readyMs), unit: 'ms', target: TARGETS.startMs },
      serving_p50: { value: p50(starts, ({ servingMs }) => servingMs), unit: 'ms' },
      resident_start: mb(p50(starts, (start) => start.residentMb)),
      resident_after: { ...mb(residentMb), target: TARGETS.residentMb },
      resident_peak: mb(peakMb),
      resident_growth: { ...mb(growthMb), target: TARGETS.growthMb },
      redemptions: { value: samples.at(-1)?.redemptions ?? 0, unit: 'redemptions' },
      not_dropped: { value: failed, unit: 'redemptions' },
    };
    const path = join(tmpdir(), 'tessera-reports', 'bench-daemon.json');
    finish({ name: 'bench:daemon', figures, samples: path }, { starts, laden, samples }, flags.json);
  } finally {
    await world.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await run(wholeFlag('redemptions', flags.redemptions), amountFlag('speed', flags.speed));
