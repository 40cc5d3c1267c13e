import { buildServer, type Server } from '@tessera/server/app';
import { silentMetrics } from '@tessera/server/platform/metrics/metrics';
import type { Refused, Tx } from '@tessera/server/platform/commands/commands';
import { Idempotency } from '@tessera/server/platform/idempotency/idempotency';
import type { Chance } from '@tessera/shared/ports';
import type { Door } from './door.ts';
import { Incarnation, SimulatedCrash } from './incarnation.ts';
import { plainHasher } from './plain-hasher.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** A batch that gathers waits no longer than this. */
const GATHER_MS = 150;

export type ServerHostDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly weather: () => Weather;
  readonly database: SimulatedDatabase;
  /** Called when the server has died. */
  readonly onCrash: () => void;
  readonly trace: (text: string) => void;
  readonly unexpected: (what: string, cause: unknown) => void;
};

/** The server of the simulated world: one database file, and one life after another on it. */
export class ServerHost {
  crashes = 0;
  #running: { readonly server: Server; readonly door: Door; readonly idempotency: Idempotency } | undefined;
  #life: Incarnation | undefined;
  #isWatched = false;

  constructor(private readonly deps: ServerHostDependencies) {}

  get door(): Door | undefined {
    return this.#running?.door;
  }

  /** The server that runs now; undefined while none does. */
  get server(): Server | undefined {
    return this.#running?.server;
  }

  /** Lets the witness of the world read the server's books; undefined while there is none. Nobody dies of being looked at. */
  async look<T>(read: (server: Server) => Promise<T>): Promise<T | undefined> {
    if (!this.#running) return undefined;
    this.#isWatched = true;
    try {
      return await read(this.#running.server);
    } finally {
      this.#isWatched = false;
    }
  }

  async start(): Promise<void> {
    const life = new Incarnation();
    this.#life = life;
    try {
      await this.#boot(life);
    } catch (cause) {
      // It has died at one of its first statements; what it was told of that it wraps in its own words.
      if (life.isAlive()) throw cause;
    }
  }

  async #boot(life: Incarnation): Promise<void> {
    const { time, chance, database, trace, unexpected } = this.deps;
    const server = await buildServer({
      databaseAddress: ':memory:',
      openDatabase: () =>
        database.lease(() => {
          this.#pass(life);
        }),
      clock: time.clock(),
      scheduler: life.scheduler(time),
      chance: this.serverChance(chance.fork()),
      failpoints: {
        hit: (point) => {
          this.#hit(life, point);
        },
      },
      defer: (run) => {
        this.#defer(life, run);
      },
      fatal: (cause) => {
        if (!(cause instanceof SimulatedCrash)) unexpected('server', cause);
      },
      hasher: plainHasher,
      mailer: { deliver: () => Promise.resolve() },
      metrics: silentMetrics,
      help: 'Help: +0 000 000',
      // Six times rarer than in production, and six times cheaper: nothing depends on how soon silence is noticed.
      timeouts: { sweepMs: 30_000 },
      log: {
        event: (name, facts) => {
          if (!life.isAlive()) return;
          if (name.endsWith('.bug') || name === 'job.failed') unexpected(`server ${name}`, JSON.stringify(facts));
        },
      },
    });
    if (!life.isAlive()) return;
    server.start();
    const { gateway } = server.mainJob;
    this.#running = {
      server,
      door: { life, open: (connection) => gateway.connect(connection) },
      idempotency: new Idempotency(server.foundation.commands, chance.fork(), server.foundation.database.neighbours),
    };
    trace('server up');
  }

  /** Most batches begin at once; some wait, and commands of several kiosks share a transaction. */
  #defer(life: Incarnation, run: () => void): void {
    const { time, chance, weather } = this.deps;
    if (chance.happens(weather().gatherPerBatch)) life.scheduler(time).after(chance.integer(GATHER_MS), run);
    else queueMicrotask(run);
  }

  /** What the server takes its nonces, ids and keys from. */
  serverChance(chance: Chance): Chance {
    return chance;
  }

  /** The process ends: what was not committed is gone, all connections break. */
  crash(): void {
    const { time, chance, weather, trace, database } = this.deps;
    const life = this.#life;
    if (!life?.isAlive()) return;
    this.crashes += 1;
    this.deps.onCrash();
    trace('server dies');
    this.#running = undefined;
    life.kill();
    database.crash();
    const [least, most] = weather().restartMs;
    time.after(least + chance.integer(most - least), () => {
      void this.start();
    });
  }

  /** Runs one command as staff would through the API; throws where the server refuses it. */
  async must<T>(
    name: string,
    work: (tx: Tx) => Promise<Refused<T>>,
    actor: 'admin:one' | 'admin:two' = 'admin:one',
  ): Promise<T> {
    const done = await this.command(name, work, actor);
    if (!done?.ok) throw new Error(`${name}: ${done ? done.error.code : 'no server'}`);
    return done.value;
  }

  /** Runs one command; undefined where there is no server, or it died before it answered. */
  async command<T>(
    name: string,
    work: (tx: Tx) => Promise<Refused<T>>,
    actor: 'admin:one' | 'admin:two' = 'admin:one',
  ): Promise<Refused<T> | undefined> {
    const running = this.#running;
    if (!running) return undefined;
    return orGone(running.door.life, running.server.foundation.commands.run({ name, actor, work }));
  }

  /** Runs one command under an Idempotency-Key, as the API does; `request` is what the key stands for. */
  async keyed<T>(
    key: string,
    request: unknown,
    name: string,
    work: (tx: Tx) => Promise<Refused<T>>,
  ): Promise<Refused<T> | undefined> {
    const running = this.#running;
    if (!running) return undefined;
    const guarded = { actor: 'admin:one', key, request } as const;
    const answer = running.idempotency.guard(guarded, (command) => command(name, work));
    return orGone(running.door.life, answer);
  }

  /** Before each statement, which is each await of a command: a dead process does nothing more, a living one may die here. */
  #pass(life: Incarnation): void {
    const { chance, weather } = this.deps;
    if (!life.isAlive()) throw new SimulatedCrash('statement');
    if (this.#isWatched) return;
    if (chance.happens(weather().crashPerStatement)) this.#dieAt('a statement');
  }

  #hit(life: Incarnation, point: string): void {
    const { chance, weather } = this.deps;
    if (!life.isAlive()) throw new SimulatedCrash(point);
    if (!chance.happens(weather().crashPerFailpoint)) return;
    this.#dieAt(point);
  }

  #dieAt(point: string): never {
    this.deps.trace(`server dies at ${point}`);
    this.crash();
    throw new SimulatedCrash(point);
  }
}

/** What a server answers, or undefined where it dies first. */
function orGone<T>(life: Incarnation, answer: Promise<T>): Promise<T | undefined> {
  const gone = new Promise<undefined>((resolve) => {
    life.onDeath(() => {
      resolve(undefined);
    });
  });
  return Promise.race([answer, gone]);
}
