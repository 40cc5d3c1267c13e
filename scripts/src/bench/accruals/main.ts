import { writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { newBooks } from '../books-place.ts';
import { inDiskFolder } from '../disk-folder.ts';
import { Ordered } from '../orders.ts';
import { openServer } from '../redemptions/fleet.ts';
import { againstPgbench, Pgbench } from '../redemptions/pgbench.ts';
import { brokenBooks, ServerProcess } from '../redemptions/server-process.ts';
import { median, percentile } from '../statistics.ts';
import { foundMarket } from './found.ts';
import type { LoadAnswer, LoadOrder, Manner, Stretch } from './load.ts';

const HELP = `npm run bench:accruals -- [--engine postgres] [--alternations N] [--seconds N] [--members N] [--dir DIR] [--profile DIR] [--json]

Durable accruals through HTTP: 32 tills that send one sale a request, then 8 tills that send a hundred a request, then the
same 8 at one merchant. Every answer is on disk before it is given (SQLite, WAL, synchronous=FULL; PostgreSQL as it comes).
The load generator is a process of its own on the same machine.

Yardstick, in the same run, on the same disk: PostgreSQL 15 as Debian ships it (package postgresql-15), with its defaults;
pgbench -i -s 50, then -c 8 -j 2 -M prepared -T 30. Yardstick and ours alternate; the median is told, and of the ratio the
median over the pairs.

  --engine NAME     sqlite, or postgres: then our database is in the very cluster that pgbench measures (sqlite)
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
/** The least of pgbench's rate. */
const LEAST = { sqlite: { single: 0.6, batch: 4 }, postgres: { single: 0.4, batch: 2 } } as const;
const MOST_HOT = 1.2;
const WARM_UP_SECONDS = 3;
/** The part of the bench's folder that belongs to the server. */
const BOOKS = 'market';

const manners = {
  single: { batch: 1, tills: TILLS, where: 'spread' },
  batch: { batch: 100, tills: 8, where: 'spread' },
  hot: { batch: 100, tills: 8, where: 'hot' },
} as const satisfies Record<string, Manner>;
type MannerName = keyof typeof manners;
const names: readonly MannerName[] = ['single', 'batch', 'hot'];

const { values: flags } = readFlags({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    alternations: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '30' },
    members: { type: 'string', default: '10000' },
    dir: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const wanted = {
  engine: engineFlag(flags.engine),
  alternations: wholeFlag('alternations', flags.alternations),
  seconds: wholeFlag('seconds', flags.seconds),
  members: wholeFlag('members', flags.members),
};

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
  readonly address: string;
};

/** Ends what was started, the last first. */
type Closers = (() => Promise<void>)[];

const rate = ({ accruals, seconds }: Omit<Measured, 'p99' | 'cpuMicros'>): number => accruals / seconds;
const cpu = ({ cpuMicros, accruals }: Measured): number => cpuMicros / accruals;

async function prepare(dir: string, closers: Closers): Promise<Bench> {
  const pgbench = await Pgbench.open(flags.dir);
  closers.push(() => pgbench.close());
  const address = await newBooks(wanted.engine === 'postgres' ? pgbench.cluster : undefined, dir, BOOKS);
  const founder = await openServer(address);
  const market = await foundMarket(founder, TILLS, wanted.members);
  await founder.close();
  const marketFile = join(dir, 'market.json');
  writeFileSync(marketFile, JSON.stringify(market));
  const profiled = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
  const server = await ServerProcess.start(join(dir, BOOKS), address, profiled);
  closers.push(() => server.stop());
  const generator = new Ordered<LoadOrder, LoadAnswer>(new URL('./generator/main.js', import.meta.url), []);
  closers.push(() => generator.end());
  await generator.ask({ type: 'prepare', url: server.url, marketFile });
  return { server, generator, pgbench, address };
}

async function run({ server, generator }: Bench, name: MannerName, seconds: number): Promise<Measured> {
  const before = server.cpuMicros();
  const answer = await generator.ask({ type: 'run', seconds, manner: manners[name] });
  if (answer.type !== 'done') throw new Error('The load process answered something else than its load.');
  const { latencies, ...stretch } = answer.stretch;
  return { ...stretch, p99: percentile(latencies, 0.99), cpuMicros: server.cpuMicros() - before };
}

async function alternate(bench: Bench): Promise<Alternation> {
  const { seconds } = wanted;
  const pgbenchTps = await bench.pgbench.measure(seconds);
  const single = await run(bench, 'single', seconds);
  const batch = await run(bench, 'batch', seconds);
  const hot = await run(bench, 'hot', seconds);
  return { load: loadavg(), pgbenchTps, single, batch, hot };
}

const figuresOf = (runs: readonly Alternation[], broken: number, lost: number): Record<string, Figure> => ({
  single_per_second: againstPgbench(runs, ({ single }) => rate(single), LEAST[wanted.engine].single),
  batch_per_second: againstPgbench(runs, ({ batch }) => rate(batch), LEAST[wanted.engine].batch),
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

async function measure(bench: Bench) {
  const runs: Alternation[] = [];
  let answered = 0;
  for (const name of names) answered += (await run(bench, name, WARM_UP_SECONDS)).accruals;
  while (runs.length < wanted.alternations) {
    const each = await alternate(bench);
    runs.push(each);
    for (const name of names) answered += each[name].accruals;
    const told = names.map((name) => `${name} ${rate(each[name]).toFixed(0)}/s (${cpu(each[name]).toFixed(0)} µs)`);
    say(
      `${String(runs.length)}: pgbench ${each.pgbenchTps.toFixed(0)}/s, ${told.join(', ')}, load ${String(each.load[0])}`,
    );
  }
  return { runs, lost: answered - (await bench.server.accruals()) };
}

/** Measures, verifies, and ends all that was started for it. */
async function measureIn(dir: string) {
  const closers: Closers = [];
  try {
    say('Preparing the alliance, the tills and PostgreSQL');
    const bench = await prepare(dir, closers);
    const measured = await measure(bench);
    say('Checking the books');
    return { ...measured, broken: brokenBooks(join(dir, BOOKS), bench.address) };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function bench(): Promise<void> {
  const { runs, lost, broken } = await inDiskFolder(flags.dir, measureIn);
  if (broken !== undefined) say(broken);
  const samples = join(tmpdir(), 'tessera-reports', 'bench-accruals.json');
  const figures = figuresOf(runs, broken === undefined ? 0 : 1, lost);
  finish({ name: 'bench:accruals', figures, samples }, runs, flags.json);
}

if (flags.help) process.stdout.write(HELP);
else await bench();
