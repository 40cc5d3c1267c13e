import { createWriteStream, type WriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { finish } from '../report/report.ts';
import { SimulatedCrash } from './incarnation.ts';
import { plants } from './plants/index.ts';
import { simulate, type SimulationResult } from './simulation.ts';

/** What each seed came to, as JSON. */
const SAMPLES = 'test/artifacts/simulate.json';

const help = `npm run simulate -- [--seed N] [--seeds COUNT] [--kiosks K] [--redemptions R] [--plant BUG] [--trace FILE] [--json]

Runs the real controller, journal, link, services and SQL of Tessera in virtual time, in a storm of lost, late and repeated
messages, crashes of daemon, guard and server, power cuts and broken slots; then checks that points, stock and gifts agree.

  --seed N         first seed (1). The same seed gives the same run, to the byte.
  --seeds COUNT    how many seeds, one after another (1)
  --kiosks K       kiosks in the alliance (4)
  --redemptions R  redemptions confirmed at a screen, per seed (1000)
  --plant BUG      puts a known bug in first; the run must then fail. Bugs:
${plants.map(({ name, about }) => `                     ${name.padEnd(20)} ${about}`).join('\n')}
  --trace FILE     writes every line of what happened
  --json           prints one JSON object as the last line

Figures: redemptions, violations, rate (redemptions a second of real time), crashes.
Exit 1 where a promise was broken.
Example: npm run simulate -- --seeds 20 --redemptions 5000
`;

function count(text: string, name: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} takes a whole number above 0, not "${text}".\n`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        seeds: { type: 'string', default: '1' },
        kiosks: { type: 'string', default: '4' },
        redemptions: { type: 'string', default: '1000' },
        plant: { type: 'string' },
        trace: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\nSee --help.\n`);
    process.exit(2);
  }
}

function plantBug(name: string | undefined): void {
  if (name === undefined) return;
  const plant = plants.find((each) => each.name === name);
  if (plant) return void plant.plant();
  process.stderr.write(`There is no bug called "${name}". See --help.\n`);
  process.exit(2);
}

function show(result: SimulationResult): void {
  const { seed, redemptions, crashes, ends, violations } = result;
  const ended = Object.entries(ends)
    .map(([state, number]) => `${state} ${String(number)}`)
    .join(', ');
  const verdict = violations.length === 0 ? 'holds' : 'BROKEN';
  process.stderr.write(
    `\rseed ${String(seed)}: ${verdict}; ${String(redemptions)} redemptions (${ended}); crashes: server ${String(crashes.server)}, kiosks ${String(crashes.kiosk)}; ${String(result.virtualHours)} h of virtual time; ${result.traceHash.slice(0, 12)}\n`,
  );
  for (const violation of violations) process.stderr.write(`  ${violation}\n`);
}

async function main(): Promise<void> {
  const given = readArguments();
  if (given.help) return void process.stdout.write(help);
  plantBug(given.plant);
  const [seed, seeds, kiosks, redemptions] = (['seed', 'seeds', 'kiosks', 'redemptions'] as const).map((name) =>
    count(given[name], name),
  ) as [number, number, number, number];
  const trace: WriteStream | undefined = given.trace === undefined ? undefined : createWriteStream(given.trace);
  const startedMs = performance.now();
  const results: SimulationResult[] = [];
  for (let next = seed; next < seed + seeds; next += 1) {
    const result = await simulate({
      seed: next,
      kiosks,
      redemptions,
      onProgress: (done) => process.stderr.write(`\rseed ${String(next)}: ${String(done)} of ${String(redemptions)}`),
      ...(trace ? { onTrace: (line: string) => void trace.write(line) } : {}),
    });
    show(result);
    results.push(result);
  }
  trace?.end();
  report(results, (performance.now() - startedMs) / 1000, given.json);
}

function report(results: readonly SimulationResult[], seconds: number, json: boolean): void {
  const total = (of: (result: SimulationResult) => number): number => results.reduce((sum, each) => sum + of(each), 0);
  const redemptions = total((each) => each.redemptions);
  const figures = {
    redemptions: { value: redemptions, unit: 'redemptions' },
    violations: { value: total((each) => each.violations.length), unit: 'violations', target: 0 },
    rate: { value: redemptions / seconds, unit: 'redemptions/s' },
    crashes: { value: total(({ crashes }) => crashes.server + crashes.kiosk), unit: 'crashes' },
  };
  finish({ name: 'simulate', figures, samples: SAMPLES }, results, json);
}

// A simulated process that ends in the middle of a promise leaves that promise rejected: it is dead, nobody listens.
process.on('unhandledRejection', (cause) => {
  if (cause instanceof SimulatedCrash) return;
  process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  process.exit(1);
});

await main();
