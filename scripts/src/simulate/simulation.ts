import { createHash } from 'node:crypto';
import type { Coverage } from './coverage.ts';
import { visit } from './customer.ts';
import { brokenBooks, brokenTruth } from './invariants.ts';
import { buy } from './till.ts';
import { enrolAgain, install, revoke } from './install-kiosk.ts';
import { ok } from '@tessera/shared/result';
import { KioskHost, type KioskHostDependencies } from './kiosk-host.ts';
import { SeededChance } from './seeded-chance.ts';
import { seedAlliance, type SimulatedMember } from './seed-alliance.ts';
import { ServerHost } from './server-host.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { round } from './staff.ts';
import { orderAndCollect } from './web-order.ts';
import { Truth } from './truth.ts';
import { VirtualTime } from './virtual-time.ts';
import { Watch } from './watch.ts';
import { calm, cutMs, storm, type Weather } from './weather.ts';

export type SimulationOptions = {
  readonly seed: number;
  readonly kiosks: number;
  readonly redemptions: number;
  /** How bad it is; a storm unless told. */
  readonly weather?: Weather;
  /** The books are checked in full after so many redemptions; 1,000 unless told. */
  readonly checkEvery?: number;
  /** Counts what the run meets. */
  readonly coverage?: Coverage;
  readonly onProgress?: (done: number) => void;
  /** Every line of what happens, for whoever looks for a violation. */
  readonly onTrace?: (line: string) => void;
};

export type SimulationResult = {
  readonly seed: number;
  readonly redemptions: number;
  readonly violations: readonly string[];
  readonly crashes: { readonly server: number; readonly kiosk: number };
  readonly ends: Readonly<Record<string, number>>;
  readonly drops: number;
  readonly virtualHours: number;
  /** SHA-256 over everything that happened, in order: the same seed gives the same. */
  readonly traceHash: string;
};

const START_MS = Date.UTC(2026, 0, 5, 8);
const MEMBERS = 40;
const CHECK_EVERY = 1_000;
const LINES_TOGETHER = 512;
const MINUTE_MS = 60_000;
/** What is open at the end of the storm has this long to settle by itself: the longest silence is a day. */
const SETTLE_MS = 26 * 60 * MINUTE_MS;

/** One run: an alliance, its kiosks, members and staff in a storm, then a calm in which everything has to come right. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const database = new SimulatedDatabase();
  try {
    return await new Simulation(options, database).run();
  } finally {
    database.close();
  }
}

class Simulation {
  readonly #chance: SeededChance;
  readonly #time = new VirtualTime(START_MS);
  readonly #truth = new Truth();
  readonly #trace = createHash('sha256');
  #traced: string[] = [];
  readonly #violations: string[] = [];
  readonly #kiosks: KioskHost[] = [];
  readonly #host: ServerHost;
  #weather: Weather = calm;
  #members: SimulatedMember[] = [];
  #rewards: string[] = [];
  #confirmed = 0;
  /** Kiosks with members who have not gone home yet. */
  #queues = 0;
  #checkedAt = 0;

  constructor(
    private readonly options: SimulationOptions,
    database: SimulatedDatabase,
  ) {
    this.#chance = new SeededChance(options.seed);
    this.#host = new ServerHost({
      ...this.#common(),
      database,
      onCrash: () => {
        for (const kiosk of this.#kiosks) kiosk.fault('server_crash');
      },
    });
  }

  async run(): Promise<SimulationResult> {
    await this.#time.finish(this.#found());
    this.#weather = this.options.weather ?? storm;
    for (const kiosk of this.#kiosks) void this.#life(kiosk);
    void this.#mischief();
    while (this.#goesOn()) await this.#pass(() => !this.#goesOn());
    this.#weather = calm;
    for (const kiosk of this.#kiosks) kiosk.network.mend();
    await this.#settle();
    if (this.#holds()) {
      await this.#time.finish(this.#lastRound());
      await this.#verify();
    }
    return this.#result();
  }

  /** Lets the calm last until nothing is open but what only people can end. */
  async #settle(): Promise<void> {
    const endMs = this.#time.nowMs + SETTLE_MS;
    while (this.#time.nowMs < endMs && this.#holds()) {
      const lookMs = this.#time.nowMs + MINUTE_MS;
      await this.#pass(() => this.#time.nowMs >= lookMs || !this.#holds());
      if (await this.#isSettled()) return;
    }
  }

  async #isSettled(): Promise<boolean> {
    const { server } = this.#host;
    if (!server || this.#queues > 0 || this.#kiosks.some(({ isUp }) => !isUp)) return false;
    const open = await server.foundation.database.db
      .selectFrom('redemptions')
      .select('redemption_id')
      .where('state', 'in', ['held', 'held_overdue', 'vending', 'vending_overdue'])
      .limit(1)
      .execute();
    return open.length === 0;
  }

  #common() {
    return {
      time: this.#time,
      chance: this.#chance.fork(),
      weather: () => this.#weather,
      trace: (text: string) => {
        this.#note(text);
      },
      violate: (text: string) => {
        this.#violate(text);
      },
      unexpected: (what: string, cause: unknown) => {
        this.#violate(`${what}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      },
    };
  }

  #note(text: string): void {
    const line = `${String(this.#time.nowMs - START_MS)} ${text}\n`;
    this.#traced.push(line);
    if (this.#traced.length >= LINES_TOGETHER) this.#hashTrace();
    this.options.onTrace?.(line);
  }

  /** Many lines at once: a call of the hash costs more than a line. */
  #hashTrace(): void {
    this.#trace.update(this.#traced.join(''));
    this.#traced = [];
  }

  #violate(text: string): void {
    this.#note(`VIOLATION ${text}`);
    this.#violations.push(text);
  }

  #holds(): boolean {
    return this.#violations.length === 0;
  }

  #goesOn(): boolean {
    return this.#confirmed < this.options.redemptions && this.#holds();
  }

  /** Lets time pass until something is over; the books are checked in full on the way, each thousand redemptions. */
  async #pass(isOver: () => boolean): Promise<void> {
    const isCheckDue = (): boolean => this.#confirmed - this.#checkedAt >= (this.options.checkEvery ?? CHECK_EVERY);
    const goesOn = await this.#time.run(() => this.#seesViolation() || isCheckDue() || isOver());
    if (!goesOn) this.#violate('time stands still');
    if (!isCheckDue()) return;
    this.#checkedAt = this.#confirmed;
    this.options.onProgress?.(this.#confirmed);
    await this.#checkBooks();
  }

  /** What the witness of the physical world has seen since the last look. */
  #seesViolation(): boolean {
    const seen = this.#truth.violations.splice(0);
    for (const violation of seen) this.#violate(violation);
    return seen.length > 0;
  }

  async #found(): Promise<void> {
    await this.#host.start();
    const seeded = await seedAlliance(this.#host, MEMBERS);
    this.#members = seeded.members;
    this.#rewards = seeded.rewards;
    this.#truth.issued = seeded.points;
    const codes = new Map<unknown, { kiosk: string; atMs: number }>();
    for (let index = 0; index < this.options.kiosks; index += 1) {
      const name = `kiosk${String(index)}`;
      const kiosk = new KioskHost({
        ...this.#common(),
        name,
        watch: new Watch(this.#common(), name, codes),
        coverage: this.options.coverage,
        truth: this.#truth,
        door: () => this.#host.door,
        world: this.#world(),
      });
      this.#kiosks.push(kiosk);
      await install(kiosk, this.#host, { name: `Kiosk ${String(index)}`, rewards: this.#rewards });
    }
  }

  #world(): KioskHostDependencies['world'] {
    const enrol = (kiosk: KioskHost): void => {
      void enrolAgain(kiosk, { ...this.#common(), host: this.#host });
    };
    return {
      crashServer: () => {
        this.#host.crash();
      },
      nudge: ({ kioskId }) => {
        void this.#host.command('kiosk.nudge', async (tx) => {
          await this.#host.server?.fleet.kiosks.changed(tx, kioskId, 'stock');
          return ok(null);
        });
      },
      revoke: (kiosk) => {
        if (!kiosk.isUp) return;
        kiosk.fault('kiosk_revoked');
        void revoke(kiosk, this.#host).then(() => {
          enrol(kiosk);
        });
      },
      diskLost: enrol,
    };
  }

  /** Members come to a kiosk one after another; staff come by now and then. */
  async #life(kiosk: KioskHost): Promise<void> {
    this.#queues += 1;
    const chance = this.#chance.fork();
    const deps = { ...this.#common(), chance };
    const confirm = {
      onConfirm: () => {
        this.#confirmed += 1;
      },
      elsewhere: () => chance.pick(this.#kiosks),
    };
    const ordered = { host: this.#host, rewards: this.#rewards, onOrder: confirm.onConfirm };
    let nextRound = this.#time.nowMs + 20 * MINUTE_MS;
    while (this.#goesOn()) {
      await this.#time.sleep(500 + chance.integer(6_000));
      const member = chance.pick(this.#members);
      if (member.isPoor && chance.happens(0.5)) await buy(member, { ...deps, host: this.#host, truth: this.#truth });
      if (chance.happens(member.isPoor ? 0.4 : 0.1)) await orderAndCollect(member, kiosk, { ...deps, ...ordered });
      else await visit(member, kiosk, { ...deps, ...confirm });
      if (this.#time.nowMs < nextRound) continue;
      nextRound = this.#time.nowMs + (5 + chance.integer(10)) * MINUTE_MS;
      await round(kiosk, { ...deps, host: this.#host, truth: this.#truth }, false);
    }
    this.#queues -= 1;
  }

  /** Crashes and cuts, once a second with the probability that the weather gives for a minute. */
  async #mischief(): Promise<void> {
    const chance = this.#chance.fork();
    const perSecond = (perMinute: number): boolean => chance.happens(perMinute / 60);
    while (this.#goesOn()) {
      await this.#time.sleep(1_000);
      const weather = this.#weather;
      if (perSecond(weather.serverCrashPerMinute)) this.#host.crash();
      for (const kiosk of this.#kiosks) {
        if (perSecond(weather.daemonCrashPerMinute)) kiosk.crashDaemon(chance.happens(weather.powerCutPerCrash));
        if (perSecond(weather.guardCrashPerMinute)) kiosk.crashGuard();
        if (perSecond(weather.clockJumpPerMinute)) kiosk.jumpClock();
        if (perSecond(weather.revokedPerMinute)) this.#world().revoke(kiosk);
        if (perSecond(weather.cutPerMinute)) kiosk.network.cut(cutMs(chance, weather, weather.dayLongPerCut));
      }
    }
  }

  /** Everything has settled: staff count every slot, so that what is still in doubt is resolved by evidence. */
  async #lastRound(): Promise<void> {
    const deps = { ...this.#common(), host: this.#host, truth: this.#truth };
    for (const kiosk of this.#kiosks) await round(kiosk, deps, true);
  }

  async #checkBooks(): Promise<void> {
    const broken = await this.#host.look((server) => brokenBooks(server, this.#time.nowMs, this.#truth));
    for (const each of broken ?? []) this.#violate(each);
  }

  async #verify(): Promise<void> {
    await this.#checkBooks();
    const broken = await this.#host.look((server) => brokenTruth(server, this.#kiosks, this.#truth));
    for (const each of broken ?? ['no server at the end']) this.#violate(each);
  }

  async #result(): Promise<SimulationResult> {
    const rows = await this.#host.server?.foundation.database.db
      .selectFrom('redemptions')
      .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
    this.#hashTrace();
    return {
      seed: this.options.seed,
      redemptions: this.#confirmed,
      violations: this.#violations,
      crashes: { server: this.#host.crashes, kiosk: this.#kiosks.reduce((sum, { crashes }) => sum + crashes, 0) },
      ends: Object.fromEntries((rows ?? []).map(({ state, count }) => [state, count])),
      drops: this.#truth.totals.drops,
      virtualHours: Math.round((this.#time.nowMs - START_MS) / 3_600_000),
      traceHash: this.#trace.digest('hex'),
    };
  }
}
