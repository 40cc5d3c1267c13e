import { readFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { importState, sendFile } from '@tessera/server/cli/files/send';
import { createApi, type Api } from '@tessera/server/client/api';
import { Cluster } from '../../harness/postgres/cluster.ts';
import { memoryOf } from '../../harness/processes.ts';
import { engineFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { foundMarket } from '../accruals/found.ts';
import { newBooks } from '../books-place.ts';
import { inDiskFolder } from '../disk-folder.ts';
import { openServer } from '../redemptions/fleet.ts';
import { brokenBooks, ServerProcess } from '../redemptions/server-process.ts';
import { median } from '../statistics.ts';
import { copyBare } from './bare-copy.ts';
import { insertBare } from './bare-insert.ts';
import { addRules } from './rules.ts';
import { writeSales } from './sales-file.ts';

const HELP = `npm run bench:import -- [--engine postgres] [--alternations N] [--rows N] [--members N] [--dir DIR] [--profile DIR] [--json]

Takes a file of sales in, as "tessera import accruals" does, into a running server: every line is checked, decided by four
rules, posted, counted and audited, and is on disk before it is acknowledged (SQLite, WAL, synchronous=FULL; PostgreSQL as
it comes).

Yardstick, in the same run, on the same disk: the very rows that the import wrote, inserted bare into the same tables with
the same indexes in one transaction; on PostgreSQL by COPY. They alternate; the median is told, and of the ratio the median
over the pairs.

  --engine NAME     sqlite, or postgres: then in a cluster of its own, with its defaults (sqlite)
  --alternations N  how often (5)
  --rows N          sales a file (1000000)
  --members N       how many members bought (10000)
  --dir DIR         where the databases lie, on a real disk (the system's temporary folder)
  --profile DIR     writes a CPU profile of the server there (node --cpu-prof)
  --json            prints one JSON object as the last line

Figures: rows_per_second (sales; at least 20,000, or a quarter of the yardstick), cpu_per_row (of the server's process),
memory_growth (resident, from a fifth of the way to the end), books_broken (checks that "tessera check" finds broken
afterwards), rows_lost (lines acknowledged as taken that the books do not know).
`;

const ENOUGH_PER_SECOND = 20_000;
const LEAST_RATIO = 0.25;
const MOST_GROWTH_MB = 64;
const MERCHANTS = 32;
/** Our books, and those of the yardstick. */
const [BOOKS, BARE] = ['import', 'bare'];

const { values: flags } = readFlags({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    alternations: { type: 'string', default: '5' },
    rows: { type: 'string', default: '1000000' },
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
  rows: wholeFlag('rows', flags.rows),
  members: wholeFlag('members', flags.members),
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

type Imported = {
  readonly rows: number;
  readonly lost: number;
  readonly seconds: number;
  readonly cpuMicros: number;
  readonly growthMb: number;
  readonly peakMb: number;
};
type Alternation = Imported & {
  readonly load: readonly number[];
  readonly bareSeconds: number;
  readonly broken: boolean;
};

const perSecond = ({ rows, seconds }: Imported): number => rows / seconds;
const barePerSecond = ({ rows, bareSeconds }: Alternation): number => rows / bareSeconds;

/** Sends a file to a server and watches what it has in memory. */
async function send(server: ServerProcess, api: Api, file: string, rows: number): Promise<Imported> {
  const begun = await api.post('/v1/imports', importState, { kind: 'accruals', name: 'bench' }, 'bench-import');
  if (!begun.ok) throw new Error(begun.error.title);
  let warmMb = 0;
  let saidTenths = 0;
  const cpuBefore = server.cpuMicros();
  const started = performance.now();
  const done = await sendFile(api, begun.value, file, ({ lines, refused }) => {
    if (refused > 0) throw new Error('A line of the bench was refused.');
    if (warmMb === 0 && lines >= rows / 5) warmMb = memoryOf(server.pid).residentMb;
    const tenths = Math.floor((10 * lines) / rows);
    if (tenths > saidTenths) say(`  ${String(tenths * 10)} %`);
    saidTenths = tenths;
  });
  if (!done.ok) throw new Error(`The import stopped: ${done.error.title}`);
  const seconds = (performance.now() - started) / 1000;
  const { residentMb, peakMb } = memoryOf(server.pid);
  const cpuMicros = server.cpuMicros() - cpuBefore;
  const lost = done.value.taken - (await server.accruals());
  return { rows, lost, seconds, cpuMicros, growthMb: residentMb - warmMb, peakMb };
}

async function alternate(dir: string, cluster: Cluster | undefined): Promise<Alternation> {
  const { rows, members } = wanted;
  const dataDir = join(dir, BOOKS);
  const address = await newBooks(cluster, dir, BOOKS);
  const founder = await openServer(address);
  const market = await foundMarket(founder, MERCHANTS, members);
  await addRules(founder);
  await founder.close();
  const file = join(dir, 'sales.ndjson');
  await writeSales(file, rows, market, Date.now());
  const profiled = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
  const server = await ServerProcess.start(dataDir, address, profiled);
  try {
    const token = readFileSync(join(dataDir, 'server', 'operator.token'), 'utf8').trim();
    const imported = await send(server, createApi({ url: server.url, token }, fetch), file, rows);
    await server.stop();
    const broken = brokenBooks(dataDir, address);
    if (broken !== undefined) say(broken);
    const bareSeconds = await (cluster ? copyBare(cluster, BOOKS, BARE) : insertBare(address, join(dir, 'bare.db')));
    return { ...imported, bareSeconds, broken: broken !== undefined, load: loadavg() };
  } finally {
    await server.stop();
    for (const name of [BOOKS, BARE]) await cluster?.call('dropdb', '--if-exists', '--force', name);
  }
}

/** Fast enough in itself, or against the yardstick. */
function speedOf(runs: readonly Alternation[]): Figure {
  const value = median(runs.map(perSecond));
  if (value >= ENOUGH_PER_SECOND) return { value, unit: '1/s', target: ENOUGH_PER_SECOND, atLeast: true };
  return {
    value,
    unit: '1/s',
    yardstick: median(runs.map(barePerSecond)),
    ratio: median(runs.map((each) => perSecond(each) / barePerSecond(each))),
    target: LEAST_RATIO,
    atLeast: true,
  };
}

const figuresOf = (runs: readonly Alternation[]): Record<string, Figure> => ({
  rows_per_second: speedOf(runs),
  bare_rows_per_second: { value: median(runs.map(barePerSecond)), unit: '1/s' },
  cpu_per_row: { value: median(runs.map(({ cpuMicros, rows }) => cpuMicros / rows)), unit: 'µs' },
  memory_growth: { value: median(runs.map(({ growthMb }) => growthMb)), unit: 'MB', target: MOST_GROWTH_MB },
  memory_peak: { value: median(runs.map(({ peakMb }) => peakMb)), unit: 'MB' },
  books_broken: { value: runs.filter(({ broken }) => broken).length, unit: 'data folders', target: 0 },
  rows_lost: { value: runs.reduce((total, { lost }) => total + lost, 0), unit: 'rows', target: 0 },
});

async function measure(cluster: Cluster | undefined): Promise<Alternation[]> {
  const runs: Alternation[] = [];
  while (runs.length < wanted.alternations) {
    say(`Alternation ${String(runs.length + 1)} of ${String(wanted.alternations)}`);
    const run = await inDiskFolder(flags.dir, (dir) => alternate(dir, cluster));
    runs.push(run);
    const rates = `${perSecond(run).toFixed(0)} rows/s, bare ${barePerSecond(run).toFixed(0)} rows/s`;
    say(`${rates}, server ${(run.cpuMicros / run.rows).toFixed(0)} µs a row, load ${String(run.load[0])}`);
  }
  return runs;
}

async function bench(): Promise<void> {
  const cluster = wanted.engine === 'postgres' ? await Cluster.make([], flags.dir) : undefined;
  try {
    const runs = await measure(cluster);
    const samples = join(tmpdir(), 'tessera-reports', 'bench-import.json');
    finish({ name: 'bench:import', figures: figuresOf(runs), samples }, runs, flags.json);
  } finally {
    await cluster?.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await bench();
