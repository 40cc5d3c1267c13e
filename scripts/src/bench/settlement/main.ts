import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Server } from '@tessera/server/app';
import type { Refused, Tx } from '@tessera/server/platform/commands/commands';
import { Cluster } from '../../harness/postgres/cluster.ts';
import { engineFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { newBooks } from '../books-place.ts';
import { inDiskFolder } from '../disk-folder.ts';
import { openServer } from '../redemptions/fleet.ts';
import { bookSales, foundMerchants } from './books.ts';

const HELP = `npm run bench:settlement -- [--engine postgres] [--merchants N] [--postings N] [--dir DIR] [--json]

One settlement run over a period with very many postings: opened, cut off, calculated (every line chained, every statement
signed), approved by a second person and posted. The server's own services on SQLite (WAL, synchronous=FULL) or PostgreSQL
(as it comes); the postings are booked beforehand by bulk.

  --engine NAME  sqlite, or postgres: then in a cluster of its own (sqlite)
  --merchants N  how many merchants (1000)
  --postings N   how many postings (5000000); a third of them are lines of statements
  --dir DIR      where the database lies, on a real disk (the system's temporary folder)
  --json         prints one JSON object as the last line

Figures: settlement (from cutoff to posted), settlement_cpu (of this process for it, roll-ups included), bare_sum (yardstick: one SQL query that sums the same postings by merchant),
memory_growth (the most resident memory while it settled, less before), longest_wait (the longest that the event loop was
kept from other work while it was calculated), unbooked (merchants whose clearing account is not empty afterwards).
`;

const MOST_SECONDS = 60;
const MOST_GROWTH_MB = 128;
const SAMPLE_MS = 20;

const { values: flags } = readFlags({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    merchants: { type: 'string', default: '1000' },
    postings: { type: 'string', default: '5000000' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const wanted = {
  engine: engineFlag(flags.engine),
  merchants: wholeFlag('merchants', flags.merchants),
  postings: wholeFlag('postings', flags.postings),
};

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const seconds = (sinceMs: number): number => (performance.now() - sinceMs) / 1000;
const residentMb = (): number => process.memoryUsage().rss / 1024 ** 2;

async function as<T>(server: Server, who: string, work: (tx: Tx) => Promise<Refused<T>>): Promise<T> {
  const done = await server.foundation.commands.run({ name: 'bench', actor: `admin:${who}`, work });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

/** What was seen of memory and of the event loop while something ran. */
class Watch {
  readonly before = residentMb();
  peak = this.before;
  longestMs = 0;
  #last = performance.now();
  readonly #timer = setInterval(() => {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.#last - SAMPLE_MS);
    this.#last = now;
    this.peak = Math.max(this.peak, residentMb());
  }, SAMPLE_MS);

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function settle(server: Server) {
  const { runs } = server.money;
  const { db } = server.foundation.database;
  const { run_id: runId } = await as(server, 'one', (tx) => runs.open(tx));
  const watch = new Watch();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await as(server, 'one', (tx) => runs.cutOff(tx, runId));
  for (;;) {
    const run = db.selectFrom('settlement_runs').select(['state', 'counted']).where('run_id', '=', runId);
    const { state, counted } = await run.executeTakeFirstOrThrow();
    if (state === 'calculated') break;
    say(`${String(counted)} lines counted after ${seconds(started).toFixed(1)} s, ${residentMb().toFixed(0)} MB`);
    await sleep(1000);
  }
  const calculated = seconds(started);
  watch.stop();
  await as(server, 'two', (tx) => runs.approve(tx, runId));
  await as(server, 'one', (tx) => runs.post(tx, runId));
  const { user, system } = process.cpuUsage(cpu);
  const growth = watch.peak - watch.before;
  return { settled: seconds(started), cpu: (user + system) / 1e6, calculated, growth, longestMs: watch.longestMs };
}

/** The same postings summed by one query: what nobody can be faster than on this database. */
async function bareSum({ foundation }: Server): Promise<number> {
  const started = performance.now();
  await sql`select party, currency, kind, count(*), sum(amount), sum(points) from money_postings
    where account = 'merchant:clearing' group by party, currency, kind`.execute(foundation.database.db);
  return seconds(started);
}

async function unbooked({ foundation }: Server): Promise<number> {
  const { rows } = await sql`select party from money_postings where account = 'merchant:clearing'
    group by party, currency having sum(amount) <> 0`.execute(foundation.database.db);
  return rows.length;
}

async function measure(address: string): Promise<Record<string, Figure>> {
  const server = await openServer(address);
  try {
    await foundMerchants(server.foundation.database.db, wanted.merchants);
    await bookSales(server, wanted, say);
    const bare = await bareSum(server);
    server.start();
    const { settled, cpu, calculated, growth, longestMs } = await settle(server);
    return {
      settlement: { value: settled, unit: 's', target: MOST_SECONDS },
      settlement_cpu: { value: cpu, unit: 's' },
      calculation: { value: calculated, unit: 's' },
      bare_sum: { value: bare, unit: 's' },
      memory_growth: { value: growth, unit: 'MB', target: MOST_GROWTH_MB },
      longest_wait: { value: longestMs, unit: 'ms' },
      unbooked: { value: await unbooked(server), unit: 'merchants', target: 0 },
    };
  } finally {
    await server.close();
  }
}

async function run(): Promise<void> {
  const cluster = wanted.engine === 'postgres' ? await Cluster.make([], flags.dir) : undefined;
  try {
    const figures = await inDiskFolder(flags.dir, async (dir) => measure(await newBooks(cluster, dir, 'settlement')));
    const samples = join(tmpdir(), 'tessera-reports', 'bench-settlement.json');
    finish({ name: 'bench:settlement', figures, samples }, { wanted, figures }, flags.json);
  } finally {
    await cluster?.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await run();
