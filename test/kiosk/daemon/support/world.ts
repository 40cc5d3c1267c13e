import type { KeyObject } from 'node:crypto';
import { buildDaemon } from '@tessera/kiosk-daemon/build-daemon';
import type { Daemon } from '@tessera/kiosk-daemon/dependencies';
import { makeDeviceKey } from '@tessera/kiosk-daemon/enrolment/device-key';
import type { DaemonFailpoint } from '@tessera/kiosk-daemon/platform/failpoints';
import type { LogEvent, LogFacts } from '@tessera/kiosk-daemon/platform/log-events';
import { Metrics } from '@tessera/kiosk-daemon/platform/metrics';
import { defaultTimeouts, type Timeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import { openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import type { Reader } from '@tessera/hardware/ports';
import { noFailpoints, type Failpoints } from '@tessera/shared/ports';
import type { ProblemCode } from '@tessera/shared/problem';
import type { Intent, Screen, ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import { LossyDisk } from '../../../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../../../scripts/src/simulate/seeded-chance.ts';
import { VirtualTime } from '../../../../scripts/src/simulate/virtual-time.ts';
import { FakeDispenser } from './fake-dispenser.ts';
import { FakeServer, publicOf } from './fake-server.ts';
import { kioskId, START_MS } from './samples.ts';

/** A scanner or reader that the test plays. */
class FakeReader implements Reader {
  healthy = true;
  #tell: (healthy: boolean) => void = () => undefined;
  #listener: (text: string) => void = () => undefined;
  onRead(listener: (text: string) => void): void {
    this.#listener = listener;
  }
  onHealth(listener: (healthy: boolean) => void): void {
    this.#tell = listener;
  }
  plug(isIn: boolean): void {
    this.healthy = isIn;
    this.#tell(isIn);
  }
  read(text: string): void {
    this.#listener(text);
  }
}

/** How long a picture takes from the server. */
const PICTURE_MS = 100;

class Crash extends Error {}

export type WorldOptions = {
  readonly seed?: number;
  readonly timeouts?: Partial<Timeouts>;
  readonly compactAboveBytes?: number;
};

/** One kiosk with its disk, cabinet and server, on virtual time. The daemon in it can be killed and started again. */
export class World {
  readonly chance: SeededChance;
  readonly time = new VirtualTime(START_MS);
  readonly disk: LossyDisk;
  readonly dispenser: FakeDispenser;
  readonly server: FakeServer;
  readonly scanner = new FakeReader();
  readonly card = new FakeReader();
  readonly logged: [LogEvent, LogFacts | undefined][] = [];
  daemon!: Daemon;
  /** Why the last daemon died, or null while it lives. */
  died: unknown = null;
  freeBytes = 1e9;
  metrics = new Metrics();
  /** Pictures that the server has, by path; each takes a moment to come. */
  readonly pictures = new Map<string, Uint8Array>();
  #life = 0;
  #key!: KeyObject;
  readonly #options: WorldOptions;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.chance = new SeededChance(options.seed ?? 1);
    this.disk = new LossyDisk(this.chance.fork());
    this.dispenser = new FakeDispenser(this.time);
    this.server = new FakeServer(this.time, () => publicOf(this.#key));
  }

  /** An enrolled kiosk whose daemon has not been started. */
  static async enrolled(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    const disk = world.disk.mount(() => true);
    world.#key = await makeDeviceKey(disk, world.chance);
    const store = await openKioskStore({ disk, log: () => undefined, hit: () => undefined, fatal: fail });
    await store.update({ kioskId });
    return world;
  }

  /** A kiosk in service, its attract screen shown. */
  static async serving(options: WorldOptions = {}): Promise<World> {
    const world = await World.enrolled(options);
    await world.start();
    await world.until('attract');
    return world;
  }

  /** Starts a daemon; at the named failpoint it dies. */
  async start(dieAt?: DaemonFailpoint, nth = 1): Promise<void> {
    this.#life += 1;
    this.metrics = new Metrics();
    this.died = null;
    const life = this.#life;
    const isAlive = (): boolean => this.#life === life && this.died === null;
    this.daemon = await buildDaemon({
      clock: this.time.clock(),
      scheduler: { after: (ms, run) => this.time.after(ms, () => isAlive() && run()) },
      chance: this.chance.fork(),
      failpoints: dieAt ? this.#dyingAt(dieAt, nth) : noFailpoints,
      disk: { ...this.disk.mount(isAlive), freeBytes: () => Promise.resolve(this.freeBytes) },
      transport: this.server.attach(isAlive),
      dispenser: this.dispenser.attach(isAlive),
      readers: { scanner: this.scanner, card: this.card },
      fetchPicture: (path) => new Promise((bring) => this.time.after(PICTURE_MS, () => bring(this.pictures.get(path)))),
      timeouts: { ...defaultTimeouts, ...this.#options.timeouts },
      prefs: { language: 'zh', largeText: false, highContrast: false, spoken: false },
      log: (event, facts) => void this.logged.push([event, facts]),
      metrics: this.metrics,
      compactAboveBytes: this.#options.compactAboveBytes ?? 64 * 1024,
      diskReserveBytes: 1000,
      fatal: (error) => {
        if (isAlive()) this.died = error;
      },
    });
    // A crash while starting leaves the start unanswered.
    void this.daemon.start().catch((error: unknown) => (this.died ??= error));
  }

  #dyingAt(name: string, nth: number): Failpoints {
    let left = nth;
    return {
      hit: (passed) => {
        if (passed !== name || (left -= 1) !== 0) return;
        this.kill();
        throw new Crash(name);
      },
    };
  }

  /** The daemon's process ends here and now. */
  kill(): void {
    this.died ??= new Crash('killed');
    this.server.cut();
  }

  /** Runs until a condition holds; fails after an hour of virtual time. */
  async when(condition: () => boolean, what: string): Promise<void> {
    const limitMs = this.time.nowMs + 3_600_000;
    await this.settle();
    const came = await this.time.run(() => condition() || this.time.nowMs > limitMs);
    if (!came || !condition()) {
      throw new Error(`never came: ${what}; screen ${this.screen.name}; died ${String(this.died)}`);
    }
  }

  /** Lets `ms` of virtual time pass. */
  async pass(ms: number): Promise<void> {
    let isOver = false;
    this.time.after(ms, () => (isOver = true));
    await this.when(() => isOver, 'the end of a wait');
  }

  /** Lets every promise that can settle do so, without time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done));
  }

  async until<Name extends ScreenName>(name: Name): Promise<Extract<Screen, { name: Name }>> {
    await this.when(() => this.screen.name === name, `the screen ${name}`);
    return this.screen as Extract<Screen, { name: Name }>;
  }

  /** How often something was counted: the value of the first figure whose line has all these parts. */
  async counted(...parts: string[]): Promise<number> {
    const lines = (await this.metrics.text()).split('\n');
    return Number(
      lines
        .find((line) => parts.every((part) => line.includes(part)))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  }

  isAlive(): boolean {
    return this.died === null;
  }

  get snapshot(): Snapshot {
    return this.daemon.controller.snapshot;
  }

  get screen(): Screen {
    return this.snapshot.screen;
  }

  /** A tap on what is on the screen now: `ok`, or why not. */
  tap(intent: Intent): 'ok' | ProblemCode {
    const { epoch, version } = this.snapshot;
    const answer = this.daemon.controller.intent({ epoch, version, intent });
    return answer.ok ? 'ok' : answer.error.code;
  }

  /** From attract to a confirmed gift. */
  async confirmTea(text: string, rewardId: string): Promise<void> {
    this.scanner.read(text);
    await this.until('choose');
    expect(this.tap({ type: 'choose', rewardId })).to.equal('ok');
    expect(this.tap({ type: 'confirm' })).to.equal('ok');
  }

  /** True where the log has the event. */
  said(event: LogEvent): boolean {
    return this.logged.some(([each]) => each === event);
  }
}

function fail(error: unknown): never {
  throw error;
}
