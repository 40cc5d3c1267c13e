import { writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { newBooks } from '../books-place.ts';
import { inDiskFolder } from '../disk-folder.ts';
import { median, percentile } from '../statistics.ts';
import { foundFleet, openServer } from './fleet.ts';
import type { Stretch } from './load.ts';
import { againstPgbench, Pgbench } from './pgbench.ts';
import { brokenBooks, ServerProcess } from './server-process.ts';
import { Worker } from './worker.ts';

const HELP = `npm run bench:redemptions -- [--engine postgres] [--alternations N] [--seconds N] [--dir DIR] [--profile DIR] [--json]

Redemptions through real kiosk sockets: 32 kiosks, enrolled and signed in, each redeeming one gift after the other. One
redemption is authorise, the notice of vending, and the outcome "dropped", captured; every answer is on disk before it is
given (SQLite, WAL, synchronous=FULL). The load generator is a process of its own on the same machine.

Yardstick, in the same run, on the same disk: PostgreSQL 15 as Debian ships it (package postgresql-15), with its defaults;
pgbench -i -s 50, then -c 8 -j 2 -M prepared -T 30. Yardstick and ours alternate; the median is told, and of the ratio the
median over the pairs.

  --alternations N  how often (5)
  --engine NAME     sqlite, or postgres: then our databases are in the very cluster that pgbench measures (sqlite)
  --seconds N       how long each stretch of load lasts (30)
  --dir DIR         where the databases lie, on a real disk (the system's temporary folder)
  --profile DIR     writes a CPU profile of server, generator and in-process run there (node --cpu-prof)
  --json            prints one JSON object as the last line

Figures: redemptions_per_second, in_process (the same messages handed to the gateway by a function call, without sockets),
server_cpu_per_redemption (of the server's process, its deliveries included), authorise_p99, outcome_p99, pgbench_tps,
books_broken (checks that \`tessera check\` finds broken afterwards), answers_lost (captured answers that the books do not know).
`;

const KIOSKS = 32;
/** The least of pgbench's rate: over sockets, and in process. */
const LEAST = { sqlite: [0.6, 2], postgres: [0.4, 1] } as const;
const MOST_CPU_MICROS = 250;
const WARM_UP_SECONDS = 3;

const { values: flags } = readFlags({
  options: {
    alternations: { type: 'string', default: '5' },
    engine: { type: 'string', default: 'sqlite' },
    seconds: { type: 'string', default: '30' },
    dir: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const engine = engineFlag(flags.engine);

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** What was measured in one alternation: all within the same minutes. */
type Alternation = {
  readonly load: readonly number[];
  readonly pgbenchTps: number;
  readonly sockets: Omit<Stretch, 'timings'> & { readonly cpuMicros: number };
  readonly inProcess: Omit<Stretch, 'timings'>;
  readonly authorise: { readonly p50: number; readonly p99: number };
  readonly outcome: { readonly p50: number; readonly p99: number };
};

const PARTS = ['sockets', 'in-process'] as const;
type Part = (typeof PARTS)[number];

/** Everything that takes part, on its feet. */
type Bench = {
  readonly pgbench: Pgbench;
  readonly server: ServerProcess;
  readonly generator: Worker;
  readonly inProcess: Worker;
  readonly addresses: Readonly<Record<Part, string>>;
};

/** Ends what was started, the last first. */
type Closers = (() => Promise<void>)[];

const rate = ({ redemptions, seconds }: Omit<Stretch, 'timings'>): number => redemptions / seconds;

async function prepare(dir: string, nodeFlags: readonly string[], closers: Closers): Promise<Bench> {
  const pgbench = await Pgbench.open(flags.dir);
  closers.push(() => pgbench.close());
  const cluster = engine === 'postgres' ? pgbench.cluster : undefined;
  const addresses = {
    sockets: await newBooks(cluster, dir, 'sockets'),
    'in-process': await newBooks(cluster, dir, 'in-process'),
  };
  const founder = await openServer(addresses.sockets);
  const fleet = await foundFleet(founder, KIOSKS);
  await founder.close();
  const fleetFile = join(dir, 'fleet.json');
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const server = await ServerProcess.start(join(dir, 'sockets'), addresses.sockets, nodeFlags);
  closers.push(() => server.stop());
  const generator = new Worker('generator', [], nodeFlags);
  closers.push(() => generator.end());
  await generator.do({ type: 'prepare', url: server.url, fleetFile });
  const inProcess = new Worker('in-process', [addresses['in-process'], String(KIOSKS)], nodeFlags);
  closers.push(() => inProcess.end());
  return { server, generator, inProcess, pgbench, addresses };
}

async function alternate({ pgbench, server, generator, inProcess }: Bench, seconds: number): Promise<Alternation> {
  const pgbenchTps = await pgbench.measure(seconds);
  await generator.do({ type: 'sign_in' });
  const before = server.cpuMicros();
  const stretch = await generator.run(seconds);
  await server.idle();
  const cpuMicros = server.cpuMicros() - before;
  await inProcess.do({ type: 'sign_in' });
  const { timings: _, ...alone } = await inProcess.run(seconds);
  const { timings, ...sockets } = stretch;
  const spread = (name: 'authorise' | 'outcome') => {
    const samples = timings.map((timing) => timing[name]);
    return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
  };
  return {
    load: loadavg(),
    pgbenchTps,
    sockets: { ...sockets, cpuMicros },
    inProcess: alone,
    authorise: spread('authorise'),
    outcome: spread('outcome'),
  };
}

const figuresOf = (runs: readonly Alternation[], broken: number, lost: number): Record<string, Figure> => ({
  redemptions_per_second: againstPgbench(runs, ({ sockets }) => rate(sockets), LEAST[engine][0]),
  in_process: againstPgbench(runs, ({ inProcess }) => rate(inProcess), LEAST[engine][1]),
  server_cpu_per_redemption: {
    value: median(runs.map(({ sockets }) => sockets.cpuMicros / sockets.redemptions)),
    unit: 'µs',
    // On PostgreSQL it is told, not bounded: half of the work is another process's.
    ...(engine === 'sqlite' && { target: MOST_CPU_MICROS }),
  },
  authorise_p99: { value: median(runs.map(({ authorise }) => authorise.p99)), unit: 'ms' },
  outcome_p99: { value: median(runs.map(({ outcome }) => outcome.p99)), unit: 'ms' },
  pgbench_tps: { value: median(runs.map((run) => run.pgbenchTps)), unit: '1/s' },
  books_broken: { value: broken, unit: 'data folders', target: 0 },
  answers_lost: { value: lost, unit: 'redemptions', target: 0 },
});

async function measure(bench: Bench, alternations: number, seconds: number) {
  const runs: Alternation[] = [];
  for (const part of [bench.generator, bench.inProcess]) await part.do({ type: 'sign_in' });
  const warmUp = await bench.generator.run(WARM_UP_SECONDS);
  await bench.inProcess.run(WARM_UP_SECONDS);
  let answered = warmUp.redemptions;
  while (runs.length < alternations) {
    const run = await alternate(bench, seconds);
    runs.push(run);
    answered += run.sockets.redemptions;
    const { sockets, inProcess, pgbenchTps, load } = run;
    const rates = `${rate(sockets).toFixed(0)}/s over sockets, ${rate(inProcess).toFixed(0)}/s in process`;
    const cpu = `${(sockets.cpuMicros / sockets.redemptions).toFixed(0)} µs`;
    say(`${String(runs.length)}: pgbench ${pgbenchTps.toFixed(0)}/s, ${rates}, server ${cpu}, load ${String(load[0])}`);
  }
  return { runs, lost: answered - (await bench.server.captured()) };
}

/** Measures, and ends all that was started for it. */
async function measureIn(dir: string, alternations: number, seconds: number) {
  const closers: Closers = [];
  try {
    say('Preparing the alliance, the kiosks and PostgreSQL');
    const profiled = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
    const bench = await prepare(dir, profiled, closers);
    const measured = await measure(bench, alternations, seconds);
    say('Checking the books');
    for (const part of [bench.generator, bench.inProcess]) await part.end();
    const broken = PARTS.map((part) => brokenBooks(join(dir, part), bench.addresses[part]));
    return { ...measured, broken: broken.filter((text) => text !== undefined) };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function run(alternations: number, seconds: number): Promise<void> {
  const { runs, lost, broken } = await inDiskFolder(flags.dir, (dir) => measureIn(dir, alternations, seconds));
  for (const text of broken) say(text);
  const samples = join(tmpdir(), 'tessera-reports', 'bench-redemptions.json');
  finish({ name: 'bench:redemptions', figures: figuresOf(runs, broken.length, lost), samples }, runs, flags.json);
}

if (flags.help) process.stdout.write(HELP);
else await run(wholeFlag('alternations', flags.alternations), wholeFlag('seconds', flags.seconds));
