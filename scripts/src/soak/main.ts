import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrich } from '../harness/enrich.ts';
import { startWorld, type World } from '../harness/world.ts';
import { amountFlag, readFlags, wholeFlag } from '../report/flags.ts';
import { finish, type Figure } from '../report/report.ts';
import { SeededChance } from '../simulate/seeded-chance.ts';
import { breakThings, killThings, type Tally } from './mishaps.ts';
import { judge, settle, tesseraCheck } from './settle.ts';
import { round } from './staff.ts';
import { visit } from './visitors.ts';
import { livesOf, watch, type Life, type Look } from './watch.ts';

const HELP = `npm run soak -- [--minutes N] [--seed N] [--json]

All processes as scripts/start starts them, for N minutes (30): members come without a pause and sign in by number, code or
card, while the cabinet jams, hangs, drops late, twice and by itself, goes blind, unplugs and babbles at random. In the first
two fifths a process (daemon, guard, server, the cable to the cabinet) is killed outright every 8 to 30 seconds; then they are
left to live, so that a leak has time to show. Staff mend, count, decide doubts by two and refill. At the end all is mended and
counted.

Once settled: tessera check ends with 0; no redemption is open; every drop is a capture, a write-off or a counted difference
that no more than the injected faults explain; no points were taken for nothing; no motor ran without a redemption.
Flat: memory and descriptors of every life of a process that was long enough, by a robust fit over its last two thirds: at most
a tenth of its resident set, at most 1 descriptor.

The seed decides what is done, not when the machine gets to it: two runs are alike, not equal.

Figures: redemptions, captured, not_served, faults, kills, written_off, given_free (drops without a capture; at most what the
faults may drop), unexplained, open, slots_off, unpaid, extra_pulses, discrepancies, check_failed, resident_growth_NAME
(MB; ratio to the resident set), descriptor_growth, lives_judged.
`;

const LOOK_EVERY_MS = 10_000;
const LEAST_LOOKS = 120;
const KILLED_PART = 0.4;
const VISITS_A_ROUND = 6;
const POINTS = 500_000;
const MOST_GROWTH = 0.1;

const { values: flags } = readFlags({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Members come one after the other, and every few visits an engineer; answers how many could not be served. */
async function serve(world: World, chance: SeededChance, goesOn: () => boolean): Promise<number> {
  let notServed = 0;
  for (let visits = 1; goesOn(); visits += 1) {
    const served = await visit(world, chance).catch(() => false);
    if (!served) notServed += 1;
    const isOut = world.thumb.snapshot?.screen.name === 'out_of_service';
    if (visits % VISITS_A_ROUND === 0 || isOut) {
      await round(world, { countAll: false }).catch((error: unknown) => say(`A round broke off: ${String(error)}`));
    }
  }
  return notServed;
}

type Soaked = { readonly looks: readonly Look[]; readonly notServed: number; readonly tally: Tally };

async function soak(world: World, ms: number, seed: number): Promise<Soaked> {
  const chance = new SeededChance(seed);
  const tally: Tally = { faults: 0, kills: 0, generous: 0 };
  const startedAt = performance.now();
  const until = (part: number) => () => performance.now() - startedAt < ms * part;
  const lookEveryMs = Math.min(LOOK_EVERY_MS, ms / LEAST_LOOKS);
  const progress = async (): Promise<void> => {
    while (until(1)()) {
      await sleep(Math.min(60_000, ms / 5));
      const { length } = await world.books.redemptions().catch(() => []);
      say(`${String(length)} redemptions, ${String(tally.faults)} faults, ${String(tally.kills)} kills`);
    }
  };
  const [looks, notServed] = await Promise.all([
    watch(world.supervisor, lookEveryMs, until(1)),
    serve(world, chance.fork(), until(1)),
    breakThings(world, chance.fork(), { goesOn: until(1), tally, say }),
    killThings(world, chance.fork(), { goesOn: until(KILLED_PART), tally, say }),
    progress(),
  ]);
  return { looks, notServed, tally };
}

function flatness(lives: readonly Life[]): Record<string, Figure> {
  const names = [...new Set(lives.map(({ name }) => name))];
  const worst = (name: string): Life | undefined =>
    lives.filter((life) => life.name === name).sort((a, b) => b.growthMb - a.growthMb)[0];
  const memory = names.map((name) => {
    const { growthMb, residentMb } = worst(name) ?? { growthMb: 0, residentMb: 1 };
    const figure = { value: growthMb, unit: 'MB', yardstick: residentMb, ratio: growthMb / residentMb };
    return [`resident_growth_${name}`, { ...figure, target: MOST_GROWTH }] as const;
  });
  const descriptors = Math.max(0, ...lives.map(({ growthDescriptors }) => growthDescriptors));
  return {
    ...Object.fromEntries(memory),
    descriptor_growth: { value: descriptors, unit: 'descriptors', target: 1 },
    lives_judged: { value: lives.length, unit: 'lives' },
  };
}

async function run(minutes: number, seed: number): Promise<void> {
  const world = await startWorld(say);
  try {
    for (const member of world.seed.members) await enrich(world, POINTS, member);
    const { looks, notServed, tally } = await soak(world, minutes * 60_000, seed);
    await settle(world, say);
    const verdict = await judge(world);
    const checked = await tesseraCheck(world);
    if (checked !== undefined) say(checked);
    const lives = livesOf(looks);
    const count = (value: number, target?: number): Figure => ({
      value,
      unit: 'times',
      ...(target !== undefined && { target }),
    });
    const { captured, released, writtenOff, variance } = verdict;
    const figures = {
      redemptions: count(captured + released + verdict.open),
      captured: count(captured),
      not_served: count(notServed),
      faults: count(tally.faults),
      kills: count(tally.kills),
      written_off: count(writtenOff),
      given_free: count(writtenOff + variance, tally.generous),
      unexplained: count(verdict.unexplained, 0),
      open: count(verdict.open, 0),
      slots_off: count(verdict.slotsOff, 0),
      unpaid: count(verdict.unpaid, 0),
      extra_pulses: count(verdict.extraPulses, 0),
      discrepancies: count(verdict.discrepancies, 0),
      check_failed: count(checked === undefined ? 0 : 1, 0),
      ...flatness(lives),
    };
    const path = join(tmpdir(), 'tessera-reports', 'soak.json');
    finish({ name: 'soak', figures, samples: path }, { seed, lives, looks }, flags.json);
  } finally {
    await world.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await run(amountFlag('minutes', flags.minutes), wholeFlag('seed', flags.seed, 0));
