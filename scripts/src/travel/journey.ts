import { SeededChance } from '../simulate/seeded-chance.ts';
import { brokenReplay, brokenTiers, brokenToday, countWhatTimeDid } from './checks.ts';
import { TravelClock } from './clock.ts';
import { Broken, Desk } from './desk.ts';
import { Errands } from './errands.ts';
import { foundGifts, foundRules, foundShops, join } from './found.ts';
import { TravelKiosk } from './kiosk.ts';
import { DAY_MS, dateOf, dayStart, HOUR_MS, isMonthStart } from './places.ts';
import { openServer, type Opened } from './server.ts';
import { settleMonth, Statements } from './settling.ts';
import { foundMoney, refill, staffDay } from './staff.ts';
import { Tally } from './tally.ts';
import { visitsOf } from './visits.ts';
import { secondPerson, type Deed, type World } from './world.ts';

export interface JourneyOptions {
  readonly seed: number;
  /** A moment of the first day, ms since the epoch. */
  readonly fromMs: number;
  readonly days: number;
  readonly members: number;
  readonly merchants: number;
  /** Of an empty database. */
  readonly address: string;
  /** The books are checked in full after so many days. */
  readonly checkEvery: number;
  /** From this day on (its first moment) the books are checked after every single deed and job, to find the one that breaks them. */
  readonly closelyFrom?: number;
  readonly onDay?: (date: string, day: number) => void;
}

export interface JourneyResult {
  readonly seed: number;
  readonly days: number;
  readonly checks: number;
  readonly replays: number;
  /** Turns that jobs had. */
  readonly turns: number;
  readonly requests: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly unmet: readonly string[];
  /** What was broken, with its day; the journey ended there. */
  readonly violations: readonly string[];
  /** SHA-256 over all that happened, in order. */
  readonly fingerprint: string;
}

/** Half of the members are there from the start, the others join within a year. */
const JOIN_DAYS = 365;
/** When a month is settled, after its end. */
const SETTLE_AFTER_MS = 6 * HOUR_MS;

/** Travels day by day through the life of an alliance, on a clock of its own, with all that a server does by itself. */
export async function travel(options: JourneyOptions): Promise<JourneyResult> {
  const chance = new SeededChance(options.seed);
  const time = new TravelClock(dayStart(options.fromMs));
  const opened = await openServer(options.address, time, chance.fork());
  try {
    const world = await found(options, opened, time, chance);
    return await new Journey(options, world, opened).run();
  } finally {
    await opened.close();
  }
}

async function found(
  options: JourneyOptions,
  { server, url, operator }: Opened,
  time: TravelClock,
  chance: SeededChance,
): Promise<World> {
  const desk = new Desk(url);
  const founding = { desk, operator };
  const shops = await foundShops(founding, options.merchants);
  await foundRules(founding, shops);
  const kiosk = new TravelKiosk(server, time, chance.fork());
  await kiosk.enrol(desk, await foundGifts(founding, shops));
  let references = 0;
  const world: World = {
    desk,
    operator,
    time,
    chance,
    server,
    shops,
    kiosk,
    people: [],
    errands: new Errands(server, time.nowMs()),
    tally: new Tally(),
    later: [],
    newReference: (what) => `${what}-${String((references += 1))}`,
    second: secondPerson(desk, operator, () => time.nowMs()),
  };
  await foundMoney(world);
  await refill(world);
  return world;
}

class Journey {
  readonly #options: JourneyOptions;
  readonly #world: World;
  readonly #opened: Opened;
  readonly #statements = new Statements();
  readonly #violations: string[] = [];
  #checks = 0;
  #replays = 0;
  #days = 0;

  constructor(options: JourneyOptions, world: World, opened: Opened) {
    this.#options = options;
    this.#world = world;
    this.#opened = opened;
  }

  async run(): Promise<JourneyResult> {
    const first = this.#world.time.nowMs();
    while (this.#days < this.#options.days && this.#violations.length === 0) {
      const day = first + this.#days * DAY_MS;
      this.#options.onDay?.(dateOf(day), this.#days);
      try {
        await this.#day(day, first);
      } catch (cause) {
        if (!(cause instanceof Error)) throw cause;
        this.#violations.push(
          `${dateOf(day)} ${cause instanceof Broken ? cause.message : (cause.stack ?? cause.message)}`,
        );
      }
      this.#days += 1;
    }
    return this.#result();
  }

  async #day(day: number, first: number): Promise<void> {
    const { time, errands, kiosk } = this.#world;
    await this.#letJoin(day, first);
    await kiosk.connect();
    await staffDay(this.#world, day, first);
    const deeds = this.#deedsOf(day, first);
    for (let hour = day + HOUR_MS; hour <= day + DAY_MS; hour += HOUR_MS) {
      while ((deeds[0]?.at ?? hour) < hour) {
        const deed = deeds.shift();
        time.goTo(deed?.at ?? 0);
        await deed?.run();
        await this.#lookClosely(day);
      }
      time.goTo(hour);
      await errands.runDue(hour);
      await this.#lookClosely(day);
    }
    await this.#verify(day, first);
  }

  async #lookClosely(day: number): Promise<void> {
    if (day < (this.#options.closelyFrom ?? Infinity)) return;
    const [broken] = await brokenToday(this.#world);
    if (broken !== undefined) throw new Broken(`after ${this.#world.tally.last}: ${broken}`);
  }

  /** All of a day in its order; what is agreed on the way for later days is kept for them. */
  #deedsOf(day: number, first: number): Deed[] {
    const { later } = this.#world;
    const due = later.filter((deed) => deed.at < day + DAY_MS);
    later.splice(0, later.length, ...later.filter((deed) => deed.at >= day + DAY_MS));
    const settle = { at: day + SETTLE_AFTER_MS, run: () => this.#settle(day) };
    const all = [...visitsOf(this.#world, day), ...due, ...(isMonthStart(day) && day > first ? [settle] : [])];
    return all.sort((a, b) => a.at - b.at);
  }

  async #settle(day: number): Promise<void> {
    await this.#statements.compare(this.#world, await settleMonth(this.#world, day));
  }

  async #letJoin(day: number, first: number): Promise<void> {
    const { people, time, chance } = this.#world;
    const { members } = this.#options;
    const at = Math.floor((members / 2) * (1 + Math.min(1, (day - first) / (JOIN_DAYS * DAY_MS))));
    while (people.length < at) people.push(await join(this.#world, { time, chance, index: people.length }));
  }

  async #verify(day: number, first: number): Promise<void> {
    const { checkEvery, days } = this.#options;
    const isLast = this.#days + 1 === days;
    const broken = this.#opened.complaints.map((each) => `the server says: ${each}`);
    if (this.#days % checkEvery === 0 || isLast) {
      this.#checks += 1;
      broken.push(...(await brokenToday(this.#world)));
    }
    if (isLast || (isMonthStart(day + DAY_MS) && day > first)) {
      this.#replays += 1;
      broken.push(...(await brokenReplay(this.#world)), ...(await brokenTiers(this.#world)));
    }
    this.#violations.push(...broken.map((each) => `${dateOf(day)} ${each}`));
  }

  async #result(): Promise<JourneyResult> {
    const { tally, errands, desk } = this.#world;
    await countWhatTimeDid(this.#world);
    return {
      seed: this.#options.seed,
      days: this.#days,
      checks: this.#checks,
      replays: this.#replays,
      turns: errands.turns,
      requests: desk.asked,
      counts: tally.all(),
      unmet: tally.unmet(),
      violations: this.#violations,
      fingerprint: tally.fingerprint(),
    };
  }
}
