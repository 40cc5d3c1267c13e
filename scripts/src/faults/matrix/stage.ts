import type { Intent, Screen } from '@tessera/shared/protocol/ui';
import { assert } from '@tessera/shared/result';
import { install, type Stocked } from '../../simulate/install-kiosk.ts';
import { KioskHost } from '../../simulate/kiosk-host.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { seedAlliance, type SimulatedMember } from '../../simulate/seed-alliance.ts';
import { ServerHost } from '../../simulate/server-host.ts';
import { SimulatedDatabase } from '../../simulate/simulated-database.ts';
import { Truth } from '../../simulate/truth.ts';
import { VirtualTime } from '../../simulate/virtual-time.ts';
import { Watch } from '../../simulate/watch.ts';
import { calm } from '../../simulate/weather.ts';

const START_MS = Date.UTC(2026, 0, 5, 8);
const SEED = 1;

export type StageOptions = {
  /** The price of each gift; the simulation's own unless told. */
  readonly prices?: readonly number[];
  readonly stock?: readonly Stocked[];
  readonly compactAboveBytes?: number;
};

/** One kiosk with its cabinet and server on a virtual clock, in fine weather: what goes wrong is what is put in. */
export class Stage {
  readonly time = new VirtualTime(START_MS);
  readonly truth = new Truth();
  readonly host: ServerHost;
  readonly kiosk: KioskHost;
  /** What no process may meet: a bug, a file damaged by nobody. */
  readonly unexpected: string[] = [];
  /** The gifts of the alliance; slot n holds the nth, and begins again where they end. */
  rewards: readonly string[] = [];
  readonly #database = new SimulatedDatabase();
  #member: SimulatedMember | undefined;

  private constructor({ compactAboveBytes }: StageOptions) {
    const chance = new SeededChance(SEED);
    const violate = (text: string): void => void this.unexpected.push(text);
    const common = {
      time: this.time,
      weather: () => calm,
      trace: () => undefined,
      violate,
      unexpected: (what: string, cause: unknown) => {
        violate(`${what}: ${String(cause)}`);
      },
    };
    const nothing = (): void => undefined;
    const name = 'kiosk';
    const watch = new Watch({ ...common, chance: chance.fork() }, name, new Map());
    this.host = new ServerHost({
      ...common,
      chance: chance.fork(),
      database: this.#database,
      onCrash: () => undefined,
    });
    const { host, truth } = this;
    this.kiosk = new KioskHost({
      ...common,
      chance: chance.fork(),
      name,
      watch,
      coverage: undefined,
      ...(compactAboveBytes === undefined ? {} : { compactAboveBytes }),
      truth,
      world: { crashServer: nothing, nudge: nothing, revoke: nothing, diskLost: nothing },
      door: () => host.door,
    });
  }

  /** A founded alliance whose kiosk waits for its first member. */
  static async open(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    await stage.time.finish(stage.#found(options));
    await stage.until(({ name }) => name === 'attract', 60_000);
    return stage;
  }

  get member(): SimulatedMember {
    assert(this.#member !== undefined, 'the alliance is founded');
    return this.#member;
  }

  /** What the glass shows; undefined while the daemon is away. */
  get screen(): Screen | undefined {
    return this.kiosk.daemon?.controller.snapshot.screen;
  }

  /** Lets time pass until the glass shows it; false where it does not within `withinMs`. */
  async until(check: (screen: Screen) => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.time.nowMs + withinMs;
    const isThere = (): boolean => this.screen !== undefined && check(this.screen);
    await this.time.run(() => isThere() || this.time.nowMs >= endMs);
    return isThere();
  }

  /** Lets `ms` of virtual time pass. */
  async pass(ms: number): Promise<void> {
    const endMs = this.time.nowMs + ms;
    await this.time.run(() => this.time.nowMs >= endMs);
  }

  tap(intent: Intent): void {
    const { snapshot } = this.kiosk.daemon?.controller ?? {};
    if (snapshot) this.kiosk.daemon?.controller.intent({ epoch: snapshot.epoch, version: snapshot.version, intent });
  }

  async close(): Promise<void> {
    const { server } = this.host;
    // A server waits for its jobs, and a job may wait for its turn: that comes with virtual time alone.
    if (server) await this.time.finish(server.close());
    this.#database.close();
  }

  async #found({ prices, stock }: StageOptions): Promise<void> {
    await this.host.start();
    const { rewards, members, points } = await seedAlliance(this.host, 1, prices);
    this.rewards = rewards;
    this.truth.issued = points;
    this.#member = members[0];
    await install(this.kiosk, this.host, { name: 'Kiosk', rewards, ...(stock ? { stock } : {}) });
  }
}
