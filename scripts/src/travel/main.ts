import { Cluster } from '../harness/postgres/cluster.ts';
import { readFlags, wholeFlag } from '../report/flags.ts';
import { finish, type Figure } from '../report/report.ts';
import { travel, type JourneyOptions, type JourneyResult } from './journey.ts';
import { DAY_MS } from './places.ts';
import { WANTED } from './tally.ts';

const SAMPLES = 'test/artifacts/travel.json';
/** A month's end, and 29 February 2028 lies ahead. */
const FROM = '2026-01-31';
/** A journey of so many days has to meet everything that it is meant to show. */
const WHOLE_DAYS = 3 * 365;
const DATABASE = 'travel';

const HELP = `npm run travel -- [--years N | --days N] [--seed N] [--engine sqlite|postgres] [--members N] [--merchants N] [--json]

Three years of an alliance in minutes: the real server on a clock that leaps from deed to deed, spoken to through its HTTP
API and its kiosks' door, and its own jobs once an hour. Members of Europe/Berlin, Asia/Shanghai and America/New_York buy, pay
with points, take gifts, bring goods back, give points away; points expire by days, with the year and on inactivity; tiers go
up and down; every month is settled by two people, paid in parts, and disputed; prices change, one merchant stops paying,
another one leaves. Sales fall on both sides of every local month's end, on each hour in which clocks are changed, and on 29
February. After every day the books are checked in full (what "tessera check" does, and that nothing is overdue), after every
month balances, lots and holds are rebuilt from their postings.

  --years N        how long (3)
  --days N         instead of years
  --from DATE      the first day, UTC (${FROM})
  --seed N         the same seed gives the same journey and the same figures, on both engines (1)
  --engine NAME    sqlite (in memory) or postgres (a throw-away cluster of Debian's PostgreSQL 15) (sqlite)
  --members N      half of them from the start, the others within a year (40)
  --merchants N    in the three places in turn (6; five or more let one default and one leave)
  --check-every N  the books are checked after so many days, and at the end (1)
  --closely DATE   from this day on the books are checked after every deed and job, to find the one that breaks them
  --json           prints one JSON object as the last line

Figures: days, sales, checks, replays, postings, settled (runs posted), unmet (of ${String(WANTED.length)} kinds of events those that never came; a
journey of three years has to meet all), violations. A broken promise ends the journey: its day and seed are told, and the
exit code is 1. The samples hold every count and a fingerprint of all that happened.
Example: npm run travel -- --years 3 --seed 7
`;

const { values: flags } = readFlags({
  options: {
    years: { type: 'string', default: '3' },
    days: { type: 'string' },
    from: { type: 'string', default: FROM },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
    members: { type: 'string', default: '40' },
    merchants: { type: 'string', default: '6' },
    'check-every': { type: 'string', default: '1' },
    closely: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(text);

function misused(text: string): never {
  say(`${text}\nSee --help.\n`);
  process.exit(2);
}

/** The day so many years after another one. */
function yearsAfter(fromMs: number, years: number): number {
  const from = new Date(fromMs);
  return Date.UTC(from.getUTCFullYear() + years, from.getUTCMonth(), from.getUTCDate());
}

function dayFlag(name: string, text: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(day) ? misused(`--${name} takes a day such as ${FROM}, not "${text}".`) : day;
}

function optionsOf(): Omit<JourneyOptions, 'address' | 'onDay'> {
  const fromMs = dayFlag('from', flags.from);
  const years = wholeFlag('years', flags.years);
  const days = flags.days === undefined ? (yearsAfter(fromMs, years) - fromMs) / DAY_MS : wholeFlag('days', flags.days);
  return {
    fromMs,
    days,
    seed: wholeFlag('seed', flags.seed),
    members: wholeFlag('members', flags.members, 2),
    merchants: wholeFlag('merchants', flags.merchants),
    checkEvery: wholeFlag('check-every', flags['check-every']),
    ...(flags.closely === undefined ? {} : { closelyFrom: dayFlag('closely', flags.closely) }),
  };
}

const figuresOf = (result: JourneyResult, seconds: number): Record<string, Figure> => {
  const of = (name: string): number => result.counts[name] ?? 0;
  return {
    days: { value: result.days, unit: 'days' },
    sales: { value: of('sale'), unit: 'sales' },
    points_expired: { value: of('points.expired'), unit: 'points' },
    tier_changes: {
      value: of('tier.raised') + of('tier.kept') + of('tier.lowered') + of('tier.moved'),
      unit: 'changes',
    },
    settled: { value: of('run.posted'), unit: 'runs' },
    disputes: { value: of('dispute.upheld') + of('dispute.rejected'), unit: 'disputes' },
    postings: { value: of('postings.points') + of('postings.money'), unit: 'postings' },
    checks: { value: result.checks, unit: 'checks' },
    replays: { value: result.replays, unit: 'replays' },
    unmet: { value: result.unmet.length, unit: 'kinds', ...(result.days >= WHOLE_DAYS ? { target: 0 } : {}) },
    violations: { value: result.violations.length, unit: 'violations', target: 0 },
    seconds: { value: seconds, unit: 's' },
  };
};

/** An empty database on the engine that was asked for. */
async function openDatabase(engine: string): Promise<{ address: string; remove(): Promise<void> }> {
  if (engine === 'sqlite') return { address: ':memory:', remove: () => Promise.resolve() };
  if (engine !== 'postgres') return misused(`--engine takes sqlite or postgres, not "${engine}".`);
  const cluster = await Cluster.make();
  await cluster.call('createdb', DATABASE);
  return { address: cluster.address(DATABASE), remove: () => cluster.close() };
}

async function main(): Promise<void> {
  const options = optionsOf();
  const database = await openDatabase(flags.engine);
  const started = performance.now();
  try {
    const onDay = (date: string, day: number): void => {
      if (date.endsWith('-01') || day === 0) say(`\r${date}: day ${String(day + 1)} of ${String(options.days)}  `);
    };
    const result = await travel({ ...options, address: database.address, onDay });
    say(`\n${result.fingerprint}\n`);
    for (const violation of result.violations) say(`seed ${String(options.seed)}: ${violation}\n`);
    if (result.unmet.length > 0) say(`never came: ${result.unmet.join(', ')}\n`);
    const seconds = (performance.now() - started) / 1000;
    finish({ name: 'travel', figures: figuresOf(result, seconds), samples: SAMPLES }, result, flags.json);
  } finally {
    await database.remove();
  }
}

if (flags.help) process.stdout.write(HELP);
else await main();
