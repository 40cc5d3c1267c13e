import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { finish, type Figure } from '../../report/report.ts';
import { Ordered } from '../orders.ts';
import { databaseFileOf, openServer } from '../redemptions/fleet.ts';
import { Pgbench } from '../redemptions/pgbench.ts';
import { brokenBooks, ServerProcess } from '../redemptions/server-process.ts';
import { median, percentile } from '../statistics.ts';
import { foundMarket } from './found.ts';
import type { LoadAnswer, LoadOrder, Manner, Stretch } from './load.ts';

const HELP = `npm run bench:accruals -- [--alternations N] [--seconds N] [--members N] [--dir DIR] [--profile DIR] [--json]

Durable accruals through HTTP: 32 tills that send one sale a request, then 8 tills that send a hundred a request, then the
same 8 at one merchant. Every answer is on disk before it is given (SQLite, WAL, synchronous=FULL). The load generator is a
process of its own on the same machine.

Yardstick, in the same run, on the same disk: PostgreSQL 15 as Debian ships it (package postgresql-15), with its defaults;
pgbench -i -s 50, then -c 8 -j 2 -M prepared -T 30. Yardstick and ours alternate; the median is told, and of the ratio the
median over the pairs.

  --alternations N  how often (5)
  --seconds N       how long each stretch lasts (30)
  --members N       how many members buy (10000)
  --dir DIR         where the databases lie, on a real disk (the system's temporary folder)
  --profile DIR     writes a CPU profile of the server there (node --cpu-prof)
  --json            prints one JSON object as the last line

Figures: single_per_second, batch_per_second, cpu_per_single and cpu_per_batched (of the server's process, an accrual),
hot_merchant (time an accrual at one merchant against many), single_p99, batch_p99, pgbench_tps, books_broken (checks that
\`tessera check\` finds broken afterwards), answers_lost (accruals answered that the books do not know).
`;

const TILLS = 32;
const LEAST_SINGLE = 0.6;
const LEAST_BATCH = 4;
const MOST_HOT = 1.2;
const WARM_UP_SECONDS = 3;
const TMPFS = 0x01021994;

const manners = {
  single: { batch: 1, tills: TILLS, where: 'spread' },
  batch: { batch: 100, tills: 8, where: 'spread' },
  hot: { batch: 100, tills: 8, where: 'hot' },
} as const satisfies Record<string, Manner>;
type MannerName = keyof typeof manners;
const names: readonly MannerName[] = ['single', 'batch', 'hot'];

const { values: flags } = parseArgs({
  options: {
    alternations: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '30' },
    members: { type: 'string', default: '10000' },
    dir: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

type Measured = Omit<Stretch, 'latencies'> & { readonly p99: number; readonly cpuMicros: number };
type Alternation = Record<MannerName, Measured> & { readonly load: readonly number[]; readonly pgbenchTps: number };

/** Everything that takes part, on its feet. */
type Bench = {
  readonly pgbench: Pgbench;
  readonly server: ServerProcess;
  readonly generator: Ordered<LoadOrder, LoadAnswer>;
};

/** Ends what was started, the last first. */
type Closers = (() => Promise<void>)[];

const rate = ({ accruals, seconds }: Omit<Measured, 'p99' | 'cpuMicros'>): number => accruals / seconds;
const cpu = ({ cpuMicros, accruals }: Measured): number => cpuMicros / accruals;

async function prepare(dir: string, nodeFlags: readonly string[], closers: Closers): Promise<Bench> {
  const dataDir = join(dir, 'data');
  const founder = await openServer(dataDir);
  const market = await foundMarket(founder, TILLS, Number(flags.members));
  await founder.close();
  const marketFile = join(dir, 'market.json');
  writeFileSync(marketFile, JSON.stringify(market));
  const pgbench = await Pgbench.open(flags.dir);
  closers.push(() => pgbench.close());
  const server = await ServerProcess.start(dataDir, databaseFileOf(dataDir), nodeFlags);
  closers.push(() => server.stop());
  const generator = new Ordered<LoadOrder, LoadAnswer>(new URL('./generator/main.js', import.meta.url), []);
  closers.push(() => generator.end());
  await generator.ask({ type: 'prepare', url: server.url, marketFile });
  return { server, generator, pgbench };
}

async function run({ server, generator }: Bench, name: MannerName, seconds: number): Promise<Measured> {
  const before = server.cpuMicros();
  const answer = await generator.ask({ type: 'run', seconds, manner: manners[name] });
  if (answer.type !== 'done') throw new Error('The load process answered something else than its load.');
  const { latencies, ...stretch } = answer.stretch;
  return { ...stretch, p99: percentile(latencies, 0.99), cpuMicros: server.cpuMicros() - before };
}

async function alternate(bench: Bench, seconds: number): Promise<Alternation> {
  const pgbenchTps = await bench.pgbench.measure(seconds);
  const single = await run(bench, 'single', seconds);
  const batch = await run(bench, 'batch', seconds);
  const hot = await run(bench, 'hot', seconds);
  return { load: loadavg(), pgbenchTps, single, batch, hot };
}

/** A rate that has to reach a multiple of pgbench's: medians, and the median of the ratios of each pair. */
function againstPgbench(runs: readonly Alternation[], name: MannerName, target: number): Figure {
  return {
    value: median(runs.map((each) => rate(each[name]))),
    unit: '1/s',
    yardstick: median(runs.map((each) => each.pgbenchTps)),
    ratio: median(runs.map((each) => rate(each[name]) / each.pgbenchTps)),
    target,
    atLeast: true,
  };
}

const figuresOf = (runs: readonly Alternation[], broken: number, lost: number): Record<string, Figure> => ({
  single_per_second: againstPgbench(runs, 'single', LEAST_SINGLE),
  batch_per_second: againstPgbench(runs, 'batch', LEAST_BATCH),
  cpu_per_single: { value: median(runs.map(({ single }) => cpu(single))), unit: 'µs' },
  cpu_per_batched: { value: median(runs.map(({ batch }) => cpu(batch))), unit: 'µs' },
  hot_merchant: {
    value: median(runs.map(({ hot }) => 1e6 / rate(hot))),
    unit: 'µs',
    yardstick: median(runs.map(({ batch }) => 1e6 / rate(batch))),
    ratio: median(runs.map(({ hot, batch }) => rate(batch) / rate(hot))),
    target: MOST_HOT,
  },
  single_p99: { value: median(runs.map(({ single }) => single.p99)), unit: 'ms' },
  batch_p99: { value: median(runs.map(({ batch }) => batch.p99)), unit: 'ms' },
  pgbench_tps: { value: median(runs.map(({ pgbenchTps }) => pgbenchTps)), unit: '1/s' },
  books_broken: { value: broken, unit: 'data folders', target: 0 },
  answers_lost: { value: lost, unit: 'accruals', target: 0 },
});

async function measure(bench: Bench, alternations: number, seconds: number) {
  const runs: Alternation[] = [];
  let answered = 0;
  for (const name of names) answered += (await run(bench, name, WARM_UP_SECONDS)).accruals;
  while (runs.length < alternations) {
    const each = await alternate(bench, seconds);
    runs.push(each);
    for (const name of names) answered += each[name].accruals;
    const told = names.map((name) => `${name} ${rate(each[name]).toFixed(0)}/s (${cpu(each[name]).toFixed(0)} µs)`);
    say(
      `${String(runs.length)}: pgbench ${each.pgbenchTps.toFixed(0)}/s, ${told.join(', ')}, load ${String(each.load[0])}`,
    );
  }
  return { runs, lost: answered - (await bench.server.accruals()) };
}

/** Measures, and ends all that was started for it. */
async function measureIn(dir: string, alternations: number, seconds: number) {
  const closers: Closers = [];
  try {
    say('Preparing the alliance, the tills and PostgreSQL');
    const profiled = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
    return await measure(await prepare(dir, profiled, closers), alternations, seconds);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function bench(alternations: number, seconds: number): Promise<void> {
  if (statfsSync(flags.dir).type === TMPFS) {
    throw new Error(`${flags.dir} is memory, not a disk: choose another folder with --dir.`);
  }
  const dir = mkdtempSync(join(flags.dir, 'tessera-bench-'));
  try {
    const { runs, lost } = await measureIn(dir, alternations, seconds);
    say('Checking the books');
    const broken = brokenBooks(join(dir, 'data'), databaseFileOf(join(dir, 'data')));
    if (broken !== undefined) say(broken);
    const samples = join(tmpdir(), 'tessera-reports', 'bench-accruals.json');
    const figures = figuresOf(runs, broken === undefined ? 0 : 1, lost);
    finish({ name: 'bench:accruals', figures, samples }, runs, flags.json);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (flags.help) process.stdout.write(HELP);
else await bench(Number(flags.alternations), Number(flags.seconds));
