import { setTimeout as sleep } from 'node:timers/promises';
import { Books } from '../../harness/books.ts';
import { startServerAlone, type ServerAlone } from '../../harness/server-alone.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { slotOf } from './calls.ts';
import { HttpDoor, type Scene } from './http-door.ts';
import { BusyKiosk } from './kiosk-hands.ts';
import { changedRefusals, judge, Recorder, type Beginning, type ObjectVerdict } from './recorder.ts';
import { staff, till } from './staff.ts';
import { CAPACITY, FIRST_LOAD, setStage, type Stage } from './stage.ts';

export type RunOptions = {
  /** Callers at a time: half of them hands at kiosks, the others tills and staff. */
  readonly clients: number;
  /** Calls to record; what is under way then is brought to its end. */
  readonly operations: number;
  readonly seed: number;
  /** How often the server is killed meanwhile. */
  readonly kills: number;
  readonly say: (line: string) => void;
};

export type RunResult = {
  readonly verdicts: readonly ObjectVerdict[];
  readonly recorder: Recorder;
  /** What was wrong beyond the histories: an internal error, a repeat that was answered differently, a broken invariant. */
  readonly faults: readonly string[];
  readonly deaths: number;
  readonly cuts: number;
  readonly tookMs: number;
};

/** Where an armed server dies by itself: with its answers unsaid, before or after they became true. */
const PLACES = ['server.commit.before', 'server.commit.after', 'server.answer.before', 'server.answer.after'];
const CUT_EVERY_CALLS = 80;
const WATCH_MS = 25;

/** Lets concurrent callers loose on a real server, breaks lines and kills it meanwhile, and judges every history. */
export async function runHistory(options: RunOptions): Promise<RunResult> {
  const server = await startServerAlone(options.say);
  try {
    const started = performance.now();
    const chance = new SeededChance(options.seed);
    const stage = await setStage(server, chance.fork());
    const beginning = await begin(server, stage);
    options.say('The callers begin.');
    const { scene, cuts, kills } = await play(options, server, stage, chance);
    const changed = changedRefusals(scene.recorder.operations);
    const faults = [...scene.faults, ...changed, ...(await brokenInvariants(server))];
    options.say(`${String(scene.recorder.operations.length)} calls recorded; looking for an order that explains them.`);
    const verdicts = judge(scene.recorder.operations, beginning);
    const deaths = server.deaths() + kills;
    return { verdicts, recorder: scene.recorder, faults, deaths, cuts, tookMs: performance.now() - started };
  } finally {
    await server.close();
  }
}

async function begin({ url, operator }: ServerAlone, { slots, members }: Stage): Promise<Beginning> {
  const books = new Books(url, operator);
  const accounts = new Map<string, { available: number; held: number }>();
  for (const { memberId } of members) accounts.set(memberId, await books.balance(memberId));
  const units = { onHand: FIRST_LOAD, reserved: 0, inDoubt: 0, outReason: null, capacity: CAPACITY };
  return { accounts, slots: new Map(slots.map((each) => [slotOf(each), units])) };
}

async function play(
  { clients, operations, kills, say }: RunOptions,
  server: ServerAlone,
  { lines, slots, members, till: saleToken }: Stage,
  chance: SeededChance,
): Promise<{ scene: Scene; cuts: number; kills: number }> {
  const { url, operator } = server;
  const recorder = new Recorder();
  const stopped = (): boolean => recorder.operations.length >= operations;
  const scene: Scene = { url, recorder, loose: new Set(), faults: [], stopped };
  let redemptions = 0;
  const next = (): number => (redemptions += 1);
  const kiosks = lines.map((line) => new BusyKiosk(scene, line, members, next));
  const callers = Array.from({ length: clients }, (_, index) => {
    const own = chance.fork();
    const admin = new HttpDoor(scene, operator, own.fork());
    const kiosk = kiosks[index % kiosks.length];
    if (index < clients / 2 && kiosk) return kiosk.work(own);
    if (index % 2 === 0) return staff(scene, admin, own, slots);
    const sale = new HttpDoor(scene, saleToken, own.fork());
    const ids = members.map(({ memberId }) => memberId);
    return till(scene, { sale, look: admin }, own, ids);
  });
  const nemesis = new Nemesis(server, scene, kiosks, chance.fork());
  nemesis.watch();
  try {
    const work = Promise.all(callers);
    for (let kill = 1; kill <= kills && !stopped(); kill += 1) {
      const due = (operations * kill) / (kills + 1);
      while (recorder.operations.length < due && !stopped()) await Promise.race([sleep(WATCH_MS), work]);
      say(`${String(recorder.operations.length)} calls: the server is killed.`);
      await nemesis.kill();
    }
    await work;
  } finally {
    nemesis.rest();
  }
  await server.ready();
  return { scene, cuts: nemesis.cuts, kills: nemesis.kills };
}

/** Cuts lines and kills the server, and tells when what was lost can have no effect any more. */
class Nemesis {
  readonly #server: ServerAlone;
  readonly #scene: Scene;
  readonly #kiosks: readonly BusyKiosk[];
  readonly #chance: SeededChance;
  #timer: NodeJS.Timeout | undefined;
  #deaths = 0;
  cuts = 0;
  kills = 0;

  constructor(server: ServerAlone, scene: Scene, kiosks: readonly BusyKiosk[], chance: SeededChance) {
    this.#server = server;
    this.#scene = scene;
    this.#kiosks = kiosks;
    this.#chance = chance;
  }

  watch(): void {
    this.#deaths = this.#server.deaths();
    this.#timer = setInterval(() => this.#look(), WATCH_MS);
  }

  rest(): void {
    clearInterval(this.#timer);
  }

  /** Kills it, and arms its next life to end by itself. */
  async kill(): Promise<void> {
    const place = this.#chance.pick(PLACES);
    await this.#server.kill(`${place}:${String(100 + this.#chance.integer(300))}`);
    this.kills += 1;
    this.#boundAll();
  }

  /** Cuts a line when it is due. Where the server has died by itself: the dead do nothing more. */
  #look(): void {
    if (this.#scene.recorder.operations.length > (this.cuts + 1) * CUT_EVERY_CALLS) {
      this.cuts += 1;
      this.#chance.pick(this.#kiosks).cut();
    }
    const deaths = this.#server.deaths();
    if (deaths === this.#deaths) return;
    this.#deaths = deaths;
    this.#boundAll();
  }

  #boundAll(): void {
    for (const bound of this.#scene.loose) bound();
    this.#scene.loose.clear();
  }
}

/** What `check` finds broken when all is over. */
async function brokenInvariants({ url, operator }: ServerAlone): Promise<string[]> {
  const { checks } = await new Books(url, operator).check();
  return checks.filter(({ ok }) => ok === false).map(({ name, rows }) => `check ${name}: ${JSON.stringify(rows)}`);
}
