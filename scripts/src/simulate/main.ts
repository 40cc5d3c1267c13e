import { createWriteStream, mkdirSync, writeFileSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { finish } from '../report/report.ts';
import { contradicted, Coverage, drawGrid, uncovered } from './coverage.ts';
import { SimulatedCrash } from './incarnation.ts';
import { HUNT_MOST, huntAll, huntFigures, huntLine } from './plants/hunt.ts';
import { plants } from './plants/index.ts';
import { argumentsOf, shrink, simulateRun, type Run } from './shrink.ts';
import type { SimulationResult } from './simulation.ts';
import { calamityNames, weathers, type Calamity, type WeatherName } from './weather.ts';

/** How each planted bug was caught, as JSON. */
const HUNTS = 'test/artifacts/plants.json';
/** What each seed came to, as JSON. */
const SAMPLES = 'test/artifacts/simulate.json';
/** Redemptions a second on one core that the project asks of itself. */
const RATE_TARGET = 800;
/** Lines of the shortest failing run that are shown. */
const TAIL = 40;

const help = `npm run simulate -- [--seed N] [--seeds COUNT] [--kiosks K] [--redemptions R] [--plant BUG] [--trace FILE] [--json]

Runs the real controller, journal, link, services and SQL of Tessera in virtual time, in a storm of lost, late and repeated
messages, crashes of daemon, guard and server, power cuts, wrong clocks, intruders and broken slots; then checks that
points, stock and gifts agree. Where they do not, it looks for the shortest run that still fails, and prints it.

  --seed N          first seed (1). The same seed gives the same run, to the byte.
  --seeds COUNT     how many seeds, one after another (1)
  --kiosks K        kiosks in the alliance (4)
  --redemptions R   redemptions confirmed at a screen or ordered on the web, per seed (1000)
  --weather LIST    storm; hurricane: everything dies all the time, so that what is rare happens soon; drought: kiosks out of
                    reach for days. Of several, with commas between, each seed takes the next (storm)
  --without LIST    kinds of trouble to go without, with commas between: ${calamityNames.join(', ')}
  --check-every R   the books are checked in full after so many redemptions (1000), and at the end
  --plant BUG       puts a known bug in first; the run must then fail. With "all", hunts each in turn, seed after seed, and says
                    after how many redemptions it was caught; more than ${String(HUNT_MOST)} is a failure. Bugs:
${plants.map(({ name, about }) => `                      ${name.padEnd(27)} ${about}`).join('\n')}
  --coverage FILE   writes how often each pair was entered: state × event of both machines, fault × state; a table without --json
  --no-shrink       does not look for a shorter run where one fails
  --trace FILE      writes every line of what happened
  --bench           holds the rate against ${String(RATE_TARGET)} a second: then a slow machine fails too. Without it nothing depends on speed.
  --json            prints one JSON object as the last line

Figures: redemptions, violations, rate (redemptions a second of this process's processor time, start and checks included),
cost (the same as milliseconds a redemption), wall_rate (of real time), crashes, and with --coverage uncovered (pairs never entered, without a written reason) and contradicted
(pairs entered although a reason says they cannot be); with --plant all plants, missed and caught_after_most instead.
Exit 1 where a promise was broken.
Example: npm run simulate -- --seeds 20 --redemptions 5000
`;

function wrong(text: string): never {
  process.stderr.write(`${text}\nSee --help.\n`);
  process.exit(2);
}

function count(text: string, name: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0
    ? value
    : wrong(`--${name} takes a whole number above 0, not "${text}".`);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        seeds: { type: 'string', default: '1' },
        kiosks: { type: 'string', default: '4' },
        redemptions: { type: 'string', default: '1000' },
        weather: { type: 'string', default: 'storm' },
        without: { type: 'string', default: '' },
        'check-every': { type: 'string', default: '1000' },
        plant: { type: 'string' },
        coverage: { type: 'string' },
        'no-shrink': { type: 'boolean', default: false },
        trace: { type: 'string' },
        bench: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    return wrong(cause instanceof Error ? cause.message : String(cause));
  }
}

type Given = ReturnType<typeof readArguments>;

function weathersOf({ weather }: Given): readonly [WeatherName, ...WeatherName[]] {
  const isWeather = (name: string): name is WeatherName => Object.hasOwn(weathers, name);
  const [first, ...more] = weather
    .split(',')
    .map((name) => (isWeather(name) ? name : wrong(`There is no weather called "${name}".`)));
  return first ? [first, ...more] : wrong('--weather takes at least one name.');
}

function runOf(given: Given): Run {
  const without = given.without.split(',').filter((each) => each !== '');
  const isCalamity = (name: string): name is Calamity => calamityNames.some((each) => each === name);
  return {
    seed: count(given.seed, 'seed'),
    kiosks: count(given.kiosks, 'kiosks'),
    redemptions: count(given.redemptions, 'redemptions'),
    checkEvery: count(given['check-every'], 'check-every'),
    weather: weathersOf(given)[0],
    without: without.map((each) => (isCalamity(each) ? each : wrong(`There is no trouble called "${each}".`))),
  };
}

function plantBug(name: string | undefined): void {
  if (name === undefined) return;
  const plant = plants.find((each) => each.name === name);
  if (plant) plant.plant();
  else wrong(`There is no bug called "${name}".`);
}

const say = (text: string): void => void process.stderr.write(text);

function show(result: SimulationResult): void {
  const { seed, redemptions, crashes, ends, violations } = result;
  const ended = Object.entries(ends)
    .map(([state, number]) => `${state} ${String(number)}`)
    .join(', ');
  const verdict = violations.length === 0 ? 'holds' : 'BROKEN';
  say(
    `\rseed ${String(seed)}: ${verdict}; ${String(redemptions)} redemptions (${ended}); crashes: server ${String(crashes.server)}, kiosks ${String(crashes.kiosk)}; ${String(result.virtualHours)} h of virtual time; ${result.traceHash.slice(0, 12)}\n`,
  );
  for (const violation of violations) say(`  ${violation}\n`);
}

/** Finds and shows the shortest run that still fails, with the end of what happened in it. */
async function explain(run: Run, result: SimulationResult): Promise<string> {
  say('looking for a shorter run that fails\n');
  const shortest = await shrink({ run, result }, (tried, broke) => {
    say(`  ${broke ? 'fails' : 'holds'}: ${argumentsOf(tried)}\n`);
  });
  const lines: string[] = [];
  const last = await simulateRun(shortest.run, { onTrace: (line) => void lines.push(line) });
  say(`shortest: npm run simulate -- ${argumentsOf(shortest.run)}\n`);
  for (const violation of last.violations) say(`  ${violation}\n`);
  say(`its last lines (ms of virtual time first):\n${lines.slice(-TAIL).join('')}`);
  return argumentsOf(shortest.run);
}

type Sample = SimulationResult & { readonly shortest?: string };

async function main(): Promise<void> {
  const given = readArguments();
  if (given.help) return void process.stdout.write(help);
  const first = runOf(given);
  if (given.plant === 'all') {
    const hunts = await huntAll(plants, first, (hunt) => {
      say(`${huntLine(hunt)}\n`);
    });
    finish({ name: 'simulate:plants', figures: huntFigures(hunts), samples: HUNTS }, hunts, given.json);
    return;
  }
  const coverage = given.coverage === undefined ? undefined : new Coverage();
  plantBug(given.plant);
  const seeds = count(given.seeds, 'seeds');
  const skies = weathersOf(given);
  const trace: WriteStream | undefined = given.trace === undefined ? undefined : createWriteStream(given.trace);
  const started = { wallMs: performance.now(), cpu: process.cpuUsage() };
  const samples: Sample[] = [];
  for (let seed = first.seed; seed < first.seed + seeds; seed += 1) {
    const run = { ...first, seed, weather: skies[(seed - first.seed) % skies.length] ?? first.weather };
    const result = await simulateRun(run, {
      onProgress: (done) => {
        say(`\rseed ${String(seed)}: ${String(done)} of ${String(run.redemptions)}`);
      },
      ...(coverage ? { coverage } : {}),
      ...(trace ? { onTrace: (line: string) => void trace.write(line) } : {}),
    });
    show(result);
    const isBroken = result.violations.length > 0 && !given['no-shrink'];
    samples.push(isBroken ? { ...result, shortest: await explain(run, result) } : result);
  }
  trace?.end();
  const { user, system } = process.cpuUsage(started.cpu);
  const seconds = { wall: (performance.now() - started.wallMs) / 1000, cpu: (user + system) / 1e6 };
  report(samples, seconds, given, coverage);
}

function report(
  samples: readonly Sample[],
  seconds: { readonly wall: number; readonly cpu: number },
  { json, bench, coverage: file }: Given,
  coverage: Coverage | undefined,
): void {
  const total = (of: (result: Sample) => number): number => samples.reduce((sum, each) => sum + of(each), 0);
  const redemptions = total((each) => each.redemptions);
  const figures = {
    redemptions: { value: redemptions, unit: 'redemptions' },
    violations: { value: total((each) => each.violations.length), unit: 'violations', target: 0 },
    rate: { value: redemptions / seconds.cpu, unit: 'redemptions/s' },
    cost: {
      value: (seconds.cpu * 1000) / redemptions,
      unit: 'ms/redemption',
      ...(bench ? { target: 1000 / RATE_TARGET } : {}),
    },
    wall_rate: { value: redemptions / seconds.wall, unit: 'redemptions/s' },
    crashes: { value: total(({ crashes }) => crashes.server + crashes.kiosk), unit: 'crashes' },
    ...(coverage ? coverageFigures(coverage, file ?? '', json) : {}),
  };
  finish({ name: 'simulate', figures, samples: SAMPLES }, samples, json);
}

function coverageFigures(coverage: Coverage, file: string, json: boolean) {
  const grids = coverage.grids();
  const [never, wronglyExcused] = [uncovered(grids), contradicted(grids)];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ grids, uncovered: never, contradicted: wronglyExcused }, null, 1)}\n`);
  if (!json) {
    process.stdout.write(
      `${grids.map(drawGrid).join('\n\n')}\n- cannot occur, for a reason that is written; ! was never entered\n`,
    );
    for (const pair of never) process.stdout.write(`never entered: ${pair}\n`);
  }
  return {
    uncovered: { value: never.length, unit: 'pairs' },
    contradicted: { value: wronglyExcused.length, unit: 'pairs', target: 0 },
  };
}

// A simulated process that ends in the middle of a promise leaves that promise rejected: it is dead, nobody listens.
process.on('unhandledRejection', (cause) => {
  if (cause instanceof SimulatedCrash) return;
  process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  process.exit(1);
});

await main();
