import { slotFault } from '@tessera/hardware/cabinet/faults';
import { CabinetLines } from '@tessera/hardware/cabinet/lines';
import { CabinetModel } from '@tessera/hardware/cabinet/model';
import { physics } from '@tessera/hardware/cabinet/physics';
import { inProcessInputs, inProcessOutputs } from '@tessera/hardware/cabinet/in-process-lines';
import { SpiralDispenser } from '@tessera/hardware/devices/dispenser';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { GuardCore } from '@tessera/hardware/guard/core';
import { guardTimeouts as realGuardTimeouts } from '@tessera/hardware/guard/timeouts';
import type { Dispenser, Guard } from '@tessera/hardware/ports';
import { demoWiring, guardedLines } from '@tessera/hardware/wiring';
import { buildDaemon } from '@tessera/kiosk-daemon/build-daemon';
import type { Daemon } from '@tessera/kiosk-daemon/dependencies';
import { enrol } from '@tessera/kiosk-daemon/enrolment/enrol';
import { Metrics } from '@tessera/kiosk-daemon/platform/metrics';
import { defaultTimeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import { openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import type { LogFacts } from '@tessera/kiosk-daemon/platform/log-events';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import { defaultTimeouts as serverTimeouts } from '@tessera/server/platform/timeouts';
import { armFailpoints } from '@tessera/shared/ports';
import { vendStates, type VendState } from '@tessera/shared/redemption/vend';
import { Aim } from './aim.ts';
import { between } from './seeded-chance.ts';
import { slotFaults, type Coverage, type Fault } from './coverage.ts';
import { guardOfNow } from './guard-of-now.ts';
import { Incarnation, SimulatedCrash } from './incarnation.ts';
import { LossyDisk } from './lossy-disk.ts';
import { Network, type NetworkDependencies } from './network.ts';
import type { SeededChance } from './seeded-chance.ts';
import { SimulatedReader } from './simulated-reader.ts';
import type { Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

export const SLOTS = 8;
const GOODS = 10;
const wiring = demoWiring(SLOTS);
/** Beats are the most frequent thing in a kiosk and the least interesting: here nothing hangs, it dies. Fifty times slower. */
const guardTimeouts = { ...realGuardTimeouts, beatMs: 10_000, silenceMs: 50_000 };
/** Live status is for people who look at it: told ten times more rarely, it costs a tenth. */
const timeouts = { ...defaultTimeouts, statusRestMs: 20_000, statusEveryMs: 120_000 };

/** What the server gives for a vend, as `vendByMs` of its time-outs. */
const VEND_BY_MS = serverTimeouts.vendByMs;
const COMPACT_ABOVE_BYTES = 16 * 1024;
const CLOCK_JUMP_MS = 3 * 3_600_000;
export type KioskHostDependencies = Pick<NetworkDependencies, 'door'> & {
  readonly name: string;
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly weather: () => Weather;
  readonly truth: Truth;
  readonly watch: Watch;
  readonly coverage: Coverage | undefined;
  readonly trace: (text: string) => void;
  readonly unexpected: (what: string, cause: unknown) => void;
  /** The journal is compacted above this; much sooner than in production unless told. */
  readonly compactAboveBytes?: number;
  /** What reaches further than this kiosk. */
  readonly world: {
    readonly crashServer: () => void;
    /** The server has something to tell this kiosk. */
    readonly nudge: (kiosk: KioskHost) => void;
    /** Staff end the trust in this device, and enrol it again later. */
    readonly revoke: (kiosk: KioskHost) => void;
    /** There is another disk in the kiosk, with nothing on it: somebody has to come and enrol it. */
    readonly diskLost: (kiosk: KioskHost) => void;
  };
};

/** One kiosk of the simulated world: a cabinet that is physics, and a guard and a daemon that live, die and live again. */
export class KioskHost {
  readonly cabinet: CabinetModel;
  readonly scanner = new SimulatedReader();
  readonly card = new SimulatedReader();
  readonly network: Network;
  daemon: Daemon | undefined;
  kioskId = '';
  crashes = 0;
  /** Somebody is on the way to enrol it again, or at it: until then it stays as it is. */
  isBeingEnrolled = false;
  readonly #lines: CabinetLines;
  #disk: LossyDisk;
  #daemonLife: Incarnation | undefined;
  #guardLife: Incarnation | undefined;
  #core: GuardCore | undefined;
  #outputs: ReturnType<typeof inProcessOutputs> | undefined;
  /** Lets the daemon find a new guard. */
  #onGuard: () => void = () => undefined;
  /** The redemption whose vending record was written last: the next pulse is its. */
  #vending = '';
  #known: VendState = 'none';
  /** How far this kiosk's wall clock is off, in ms. */
  #wrongByMs = 0;
  #isStopped = false;
  #daemonArms: string[] = [];
  #guardArms: string[] = [];
  readonly #aim: Aim;

  constructor(private readonly deps: KioskHostDependencies) {
    const { time, chance, truth, name } = deps;
    const clock = time.clock();
    this.cabinet = new CabinetModel({
      clock,
      scheduler: time,
      chance: chance.fork(),
      physics,
      slots: SLOTS,
      goods: GOODS,
    });
    this.cabinet.onDrop(({ slot }) => {
      deps.trace(`${name} drop ${String(slot)}`);
      truth.drop(name, slot);
    });
    this.#lines = new CabinetLines(this.cabinet, wiring);
    this.#disk = new LossyDisk(chance.fork());
    const fault = (what: Fault): void => {
      this.fault(what);
    };
    this.network = new Network({ ...deps, chance: chance.fork(), fault });
    this.#aim = new Aim({
      ...deps,
      chance: chance.fork(),
      kiosk: this,
      crashServer: deps.world.crashServer,
      nudge: () => {
        deps.world.nudge(this);
      },
      revoke: () => {
        deps.world.revoke(this);
      },
    });
  }

  /** Enrols the device with a code, by a direct call to the server; false where that failed. */
  async enrol(code: string, postJson: (path: string, body: unknown) => Promise<unknown>): Promise<boolean> {
    const disk = this.#disk.mount(() => true);
    const log = (): void => undefined;
    const fatal = (cause: unknown): never => {
      throw cause;
    };
    const kiosk = await openKioskStore({ disk, log, hit: () => undefined, fatal });
    const { time, chance } = this.deps;
    const enrolled = await enrol(code, { disk, chance, clock: time.clock(), log, kiosk, postJson });
    if (!enrolled.ok) return false;
    this.kioskId = enrolled.value;
    return true;
  }

  async start(): Promise<void> {
    await this.startGuard();
    await this.startDaemon();
  }

  /** Each of the daemon's next lives dies at its failpoint (`name` or `name:nth`), as a process does that is started with one. */
  armDaemon(lives: readonly string[]): void {
    this.#daemonArms = [...lives];
  }

  /** The same for the guard. */
  armGuard(lives: readonly string[]): void {
    this.#guardArms = [...lives];
  }

  /** The journal as whoever reads it now finds it. */
  get journal(): Buffer {
    return this.#disk.holds(JOURNAL_FILE) ?? Buffer.alloc(0);
  }

  /** Something goes wrong here: counted with how far the kiosk's latest redemption has come. */
  fault(what: Fault): void {
    this.deps.coverage?.fault(what, this.#latestState());
  }

  /** The state that was written last, forced to the platter or not. */
  #latestState(): VendState {
    const [, state] = /.*"to":"([a-z_]+)"/s.exec(this.#disk.latest(JOURNAL_FILE)) ?? [];
    const known = vendStates.find((each) => each === state);
    if (known === undefined) return this.#known;
    this.#known = known === 'closed' ? 'none' : known;
    return this.#known;
  }

  get isUp(): boolean {
    return this.daemon !== undefined;
  }

  goodsIn(slot: number): number {
    return this.cabinet.saved().slots[slot - 1]?.goods ?? 0;
  }

  async startGuard(): Promise<void> {
    const { time, weather, chance, trace, name } = this.deps;
    const life = new Incarnation();
    this.#guardLife = life;
    const armed = armFailpoints(this.#guardArms.shift() ?? '', () => {
      this.crashGuard();
    });
    this.#outputs = inProcessOutputs(this.#lines);
    const core = new GuardCore({
      driver: this.#outputs,
      lines: guardedLines(wiring),
      clock: time.clock(),
      scheduler: life.scheduler(time),
      timeouts: guardTimeouts,
      failpoints: {
        hit: (point) => {
          if (life.isAlive()) armed.hit(point);
          if (!life.isAlive() || !chance.happens(weather().crashPerFailpoint)) return;
          trace(`${name} guard dies at ${point}`);
          this.crashGuard();
        },
      },
      deputy: { alive: true, driving: () => undefined, letGo: () => undefined, onAlive: () => undefined },
      log: () => undefined,
    });
    this.#core = core;
    await core.start();
    this.#onGuard();
  }

  /** The guard dies; its lines stay as they are until the next one claims them. The daemon loses its guard. */
  crashGuard(): void {
    const { time, chance, weather } = this.deps;
    if (!this.#guardLife?.isAlive()) return;
    this.crashes += 1;
    this.fault('guard_crash');
    this.#guardLife.kill();
    this.#outputs?.orphan();
    const [least, most] = weather().restartMs;
    time.after(Math.min(1_000, least + chance.integer(most - least)), () => {
      void this.startGuard();
    });
  }

  async startDaemon(): Promise<void> {
    const { time, trace, name, unexpected } = this.deps;
    const life = new Incarnation();
    this.#daemonLife = life;
    const scheduler = life.scheduler(time);
    const armed = armFailpoints(this.#daemonArms.shift() ?? '', () => {
      this.crashDaemon(false);
    });
    const dispenser = new SpiralDispenser({
      guard: this.#guardFor(life),
      inputs: inProcessInputs(this.#lines),
      wiring,
      clock: time.clock(),
      scheduler,
      timeouts: deviceTimeouts,
    });
    life.onDeath(() => {
      void dispenser.close();
    });
    await dispenser.start();
    try {
      const daemon = await buildDaemon({
        clock: time.clock(() => this.#wrongByMs),
        scheduler,
        chance: this.deps.chance.fork(),
        failpoints: {
          hit: (point) => {
            if (life.isAlive()) armed.hit(point);
            this.#hitDaemon(life, point);
          },
        },
        disk: this.#disk.mount(
          life.isAlive,
          () => this.#passWrite(life),
          () => this.#aim.brake(life.isAlive),
        ),
        transport: this.network.transport(life),
        dispenser: this.#witnessed(dispenser),
        readers: { scanner: this.scanner, card: this.card },
        fetchPicture: () => Promise.resolve(undefined),
        timeouts,
        prefs: { language: 'en', largeText: false, highContrast: false, spoken: false },
        log: (event, facts) => this.#hear(life, event, facts),
        metrics: new Metrics(),
        compactAboveBytes: this.deps.compactAboveBytes ?? COMPACT_ABOVE_BYTES,
        diskReserveBytes: 1024,
        fatal: (cause) => {
          if (!life.isAlive()) return;
          if (!(cause instanceof SimulatedCrash)) unexpected(`${name} daemon`, cause);
          this.crashDaemon(false);
        },
      });
      if (!life.isAlive()) return;
      await daemon.start();
      if (life.isAlive()) this.daemon = daemon;
      trace(`${name} daemon up`);
    } catch (cause) {
      if (!(cause instanceof SimulatedCrash)) unexpected(`${name} daemon start`, cause);
    }
  }

  /** The daemon dies, with `powerCut` the whole machine: guard and page cache go with it. */
  crashDaemon(powerCut: boolean): void {
    const { time, chance, weather, trace, name } = this.deps;
    const life = this.#daemonLife;
    if (!life?.isAlive()) return;
    this.crashes += 1;
    this.fault(powerCut ? 'power_cut' : 'daemon_crash');
    trace(`${name} daemon dies${powerCut ? ' by power cut' : ''}`);
    this.daemon = undefined;
    life.kill();
    this.#disk.crash(powerCut);
    if (powerCut) this.#cutPower();
    if (powerCut && chance.happens(weather().diskLostPerPowerCut)) {
      this.#loseDisk();
      return;
    }
    const [least, most] = weather().restartMs;
    time.after(least + chance.integer(most - least), () => {
      if (!this.#isStopped && !this.#daemonLife?.isAlive()) void this.startDaemon();
    });
  }

  /** The daemon is stopped until somebody lets it start again; nothing is lost. */
  stopDaemon(): void {
    this.#isStopped = true;
    if (!this.#daemonLife?.isAlive()) return;
    this.daemon = undefined;
    this.#daemonLife.kill();
    this.#disk.crash(false);
  }

  async letStart(): Promise<void> {
    this.#isStopped = false;
    await this.startDaemon();
  }

  /** The machine stops, and has another disk when it starts again. */
  exchangeDisk(): void {
    if (!this.isUp) return;
    this.#loseDisk();
    this.stopDaemon();
  }

  #loseDisk(): void {
    const { chance, trace, name, world } = this.deps;
    this.fault('disk_lost');
    trace(`${name} has a new disk`);
    this.#disk = new LossyDisk(chance.fork());
    this.#known = 'none';
    this.#isStopped = true;
    world.diskLost(this);
  }

  /** The wall clock is set to something else: by hand, or by a battery that is not there. */
  jumpClock(): void {
    const { chance, trace, name } = this.deps;
    this.fault('clock_jump');
    this.#wrongByMs = (chance.integer(2 * CLOCK_JUMP_MS) - CLOCK_JUMP_MS) | 0;
    trace(`${name} clock is wrong by ${String(this.#wrongByMs)}`);
  }

  /** After each change of the disk: it may have been the last thing that the daemon did, or take its time. */
  #passWrite(life: Incarnation): Promise<void> | undefined {
    const { chance, weather, trace, name, time } = this.deps;
    const { crashPerWrite, slowPerWrite, slowWriteMs, stallPerWrite, stallMs, powerCutPerCrash } = weather();
    if (!life.isAlive()) return undefined;
    if (chance.happens(crashPerWrite)) {
      trace(`${name} daemon dies at a write`);
      this.crashDaemon(chance.happens(powerCutPerCrash));
      return undefined;
    }
    const stalls = chance.happens(stallPerWrite);
    if (!stalls && !chance.happens(slowPerWrite)) return undefined;
    this.fault('slow_write');
    return time.sleep(stalls ? between(chance, stallMs) : chance.integer(slowWriteMs));
  }

  /** Without power every relay falls off, and the wall clock stops. */
  #cutPower(): void {
    if (this.deps.chance.happens(this.deps.weather().clockJumpPerMinute)) this.jumpClock();
    for (let slot = 1; slot <= SLOTS; slot += 1) this.cabinet.drive({ kind: 'motor', slot }, false);
    this.crashGuard();
  }

  #guardFor(life: Incarnation): Guard {
    const { time } = this.deps;
    const { guard, attach } = guardOfNow({
      time,
      life,
      core: () => this.#core,
      guardLife: () => this.#guardLife,
      timeouts: guardTimeouts,
    });
    this.#onGuard = attach;
    return guard;
  }

  /** The dispenser, with a witness who writes down which redemption turned a motor, and what is wrong with the slot then. */
  #witnessed(dispenser: Dispenser): Dispenser {
    const { truth, name, chance, weather } = this.deps;
    return {
      prepare: async (slot) => {
        const prepared = await dispenser.prepare(slot);
        if (!prepared.ok) return prepared;
        const { value } = prepared;
        return {
          ok: true,
          value: {
            energise: (onPhase) => {
              truth.energise(name, slot, this.#vending);
              this.#mayTurn(this.#vending);
              this.#noteOldTrouble(slot);
              if (chance.happens(weather().faultPerVend)) this.#spoil(slot);
              return value.energise(onPhase);
            },
            cancel: () => {
              value.cancel();
            },
          },
        };
      },
      get health() {
        return dispenser.health;
      },
      onHealth: (listener) => {
        dispenser.onHealth(listener);
      },
      onStrayDrop: (listener) => {
        dispenser.onStrayDrop(listener);
      },
    };
  }

  /** What must stand before a motor turns: the record on the platter, and time left. */
  #mayTurn(redemptionId: string): void {
    const { truth, watch, time, name } = this.deps;
    if (!this.#disk.keeps(JOURNAL_FILE, `"id":"${redemptionId}","event":"start"`))
      truth.violations.push(`${name} turned for ${redemptionId} before that was on its disk`);
    const askedMs = watch.firstAskedMs(redemptionId);
    if (askedMs !== undefined && time.nowMs - askedMs >= VEND_BY_MS)
      truth.violations.push(
        `${name} turned for ${redemptionId} ${String(time.nowMs - askedMs)} ms after it was asked for`,
      );
  }

  /** What was put wrong for a vend that never turned is still wrong for this one. */
  #noteOldTrouble(slot: number): void {
    const { faults } = this.cabinet.saved();
    const left = slotFaults.find((fault) => fault !== 'blind_beam' && slotFault(faults, slot, fault));
    if (left) this.deps.truth.spoil(this.#vending, left);
  }

  #spoil(slot: number): void {
    const { chance, trace, name, truth } = this.deps;
    const fault = chance.pick(slotFaults);
    trace(`${name} fault ${fault} ${String(slot)}`);
    truth.spoil(this.#vending, fault);
    this.fault(fault);
    if (fault === 'blind_beam') this.cabinet.inject({ device: 'beam', fault });
    else this.cabinet.inject({ slot, fault, times: 1 });
  }

  /** Staff mend what is broken. */
  mend(): void {
    this.cabinet.inject({ fault: 'none' });
  }

  #hear(life: Incarnation, event: string, facts: LogFacts | undefined): void {
    if (!life.isAlive()) return;
    if (event === 'redemption_step' && facts?.['step'] === 'start') this.#vending = String(facts['redemptionId']);
    // A disk that keeps its word gives no reason to doubt a journal or an identity.
    const isShutOut =
      event === 'link_refused' && (facts?.['code'] === 'journal_lost' || facts?.['code'] === 'kiosk_cloned');
    if (isShutOut || event === 'journal_damaged' || event === 'store_damaged' || event === 'bug') {
      this.deps.unexpected(`${this.deps.name} ${event}`, JSON.stringify(facts));
    }
    this.deps.trace(`${this.deps.name} ${event} ${JSON.stringify(facts ?? {})}`);
    if (event === 'redemption_step') this.#aim.afterStep(facts?.['step']);
  }

  #hitDaemon(life: Incarnation, point: string): void {
    const { chance, weather, trace, name } = this.deps;
    if (!life.isAlive()) throw new SimulatedCrash(point);
    if (!chance.happens(weather().crashPerFailpoint)) return;
    trace(`${name} daemon dies at ${point}`);
    this.crashDaemon(chance.happens(weather().powerCutPerCrash));
    throw new SimulatedCrash(point);
  }
}
