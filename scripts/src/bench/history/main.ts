import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../harness/postgres/cluster.ts';
import { engineFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish } from '../../report/report.ts';
import { newBooks } from '../books-place.ts';
import { inDiskFolder } from '../disk-folder.ts';
import type { BenchInstallation } from '../redemptions/fleet.ts';
import type { BenchKiosk } from '../redemptions/kiosk.ts';
import { brokenBooks } from '../redemptions/server-process.ts';
import { membersOf } from './books.ts';
import { forgetFiles } from './cold.ts';
import { figuresOf, type Alternation, type Measured } from './figures.ts';
import { fill, Stand, type ReadName, type SizedBooks } from './stand.ts';
import { both, inTurn, type Both, type Pairs } from './turns.ts';

const HELP = `npm run bench:history -- [--engine postgres] [--alternations N] [--members N] [--small N] [--reads N] [--redemptions N] [--dir DIR] [--json]

How long members wait in a big alliance against a small one. Two servers with their defaults stand side by side, each with
books of its own on the same disk: 1,000,000 members with 10,000,000 postings, and 10,000 members with 100,000. Everybody has
bought five times in a year; one in a thousand has bought 250 times. The books are filled in bulk, in the order in which a
year would have filled them, and verified by "tessera check" at the end.

Asked over HTTP, one question at a time, always of another member, the small and the big server taking turns from question
to question: the balance; the newest page of the history; its last page (50 sales, behind 200 newer ones, of those who have
so many). Then, over a kiosk's socket: a redemption, authorise and outcome; signing in is not counted. So the time is that
of an idle server, and is all of its answer. Warm: after as many questions that are not counted as one alternation asks.
Cold: servers (and PostgreSQL) are started anew and the kernel has forgotten every file of the books, so the first questions
go to the disk; told, not bounded, since most of it is the disk's.

A hot merchant against many is measured by bench:accruals.

  --engine NAME     sqlite, or postgres: then both books are in one cluster of its own, with its defaults (sqlite)
  --alternations N  how often (5)
  --members N       members of the big alliance (1000000)
  --small N         members of the small one (10000)
  --reads N         questions of a kind in an alternation (1000)
  --redemptions N   redemptions in an alternation (200)
  --dir DIR         where the databases lie, on a real disk (the system's temporary folder)
  --json            prints one JSON object as the last line

Figures: balance, history, deep_history, redemption (the big alliance's median, its yardstick the small one's; the medians
of the alternations, of the ratio too); the same with _p99 (of all alternations together); cold_balance, cold_history,
cold_deep_history (medians of the first hundred); books_broken (checks that "tessera check" finds broken afterwards).
`;

const COLD_READS = 100;

const { values: flags } = readFlags({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    alternations: { type: 'string', default: '5' },
    members: { type: 'string', default: '1000000' },
    small: { type: 'string', default: '10000' },
    reads: { type: 'string', default: '1000' },
    redemptions: { type: 'string', default: '200' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const wanted = {
  engine: engineFlag(flags.engine),
  alternations: wholeFlag('alternations', flags.alternations),
  members: { small: wholeFlag('small', flags.small), big: wholeFlag('members', flags.members) },
  reads: wholeFlag('reads', flags.reads),
  redemptions: wholeFlag('redemptions', flags.redemptions),
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

type Filled = SizedBooks & { readonly kiosk: BenchInstallation };

async function newFilled(cluster: Cluster | undefined, dir: string, name: keyof Both<Filled>): Promise<Filled> {
  const address = await newBooks(cluster, dir, name);
  const books = { address, dataDir: join(dir, name), members: membersOf(wanted.members[name]) };
  const kiosk = await fill(books, (text) => {
    say(`${name}: ${text}`);
  });
  // As its autovacuum would have done by now.
  await cluster?.call('vacuumdb', '--analyze', '--quiet', name);
  return { ...books, kiosk };
}

type Served = { readonly stand: Stand; readonly kiosk: BenchKiosk };

async function alternate(served: Both<Served>): Promise<Alternation> {
  const read = (name: ReadName) => inTurn(wanted.reads, served, ({ stand }) => stand.read(name));
  const balance = await read('balance');
  const history = await read('history');
  const deepHistory = await read('deep_history');
  const redemption = await inTurn(wanted.redemptions, served, ({ stand, kiosk }) => stand.redeem(kiosk));
  await both(served, ({ stand }) => stand.idle());
  return { load: loadavg(), pairs: { balance, history, deep_history: deepHistory, redemption } };
}

async function measureWarm(filled: Both<Filled>): Promise<Alternation[]> {
  const stands = await both(filled, (books) => Stand.open(books));
  try {
    const served = {
      small: { stand: stands.small, kiosk: await stands.small.kiosk(filled.small.kiosk) },
      big: { stand: stands.big, kiosk: await stands.big.kiosk(filled.big.kiosk) },
    };
    await alternate(served);
    const runs: Alternation[] = [];
    while (runs.length < wanted.alternations) {
      runs.push(await alternate(served));
      say(`Alternation ${String(runs.length)} of ${String(wanted.alternations)}`);
    }
    return runs;
  } finally {
    await both(stands, (stand) => stand.close());
  }
}

/** The first questions after a start, with the books on the disk alone. */
async function measureCold(filled: Both<Filled>, cluster: Cluster | undefined, name: ReadName): Promise<Pairs> {
  await cluster?.stop();
  for (const folder of cluster ? [cluster.folder] : [filled.small.dataDir, filled.big.dataDir]) forgetFiles(folder);
  await cluster?.start();
  const stands = await both(filled, (books) => Stand.open(books));
  try {
    return await inTurn(COLD_READS, stands, (stand) => stand.read(name));
  } finally {
    await both(stands, (stand) => stand.close());
  }
}

async function measure(dir: string, cluster: Cluster | undefined): Promise<Measured> {
  const filled = { small: await newFilled(cluster, dir, 'small'), big: await newFilled(cluster, dir, 'big') };
  const runs = await measureWarm(filled);
  say('Measuring with cold caches');
  const cold = {
    balance: await measureCold(filled, cluster, 'balance'),
    history: await measureCold(filled, cluster, 'history'),
    deep_history: await measureCold(filled, cluster, 'deep_history'),
  };
  say('Checking the books');
  const broken = [filled.small, filled.big].map(({ dataDir, address }) => brokenBooks(dataDir, address));
  return { runs, cold, broken: broken.filter((text) => text !== undefined) };
}

async function run(): Promise<void> {
  const cluster = wanted.engine === 'postgres' ? await Cluster.make([], flags.dir) : undefined;
  try {
    const measured = await inDiskFolder(flags.dir, (dir) => measure(dir, cluster));
    for (const text of measured.broken) say(text);
    const samples = join(tmpdir(), 'tessera-reports', 'bench-history.json');
    finish({ name: 'bench:history', figures: figuresOf(measured), samples }, measured, flags.json);
  } finally {
    await cluster?.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await run();
