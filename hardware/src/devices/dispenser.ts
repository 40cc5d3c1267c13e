import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type {
  Dispenser,
  DispenserHealth,
  Edge,
  Guard,
  HardwareProblem,
  InputDriver,
  PreparedVend,
  SlotWiring,
  VendReport,
  Wiring,
} from '../ports.ts';
import { inputLines } from '../wiring.ts';
import { BeamWatch, DROP_MOST_MS } from './beam-watch.ts';
import { classify } from './classify.ts';
import { EmitterTest, type BeamProof } from './emitter-test.ts';
import { Sensors } from './sensors.ts';
import type { DeviceTimeouts } from './timeouts.ts';
import { TrayLamp } from './tray-lamp.ts';
import { Turn } from './turn.ts';

export type DispenserDependencies = {
  readonly guard: Guard;
  readonly inputs: InputDriver;
  readonly wiring: Wiring;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeouts: DeviceTimeouts;
};

const refusal = (code: HardwareProblem['code'], detail: string): Result<never, HardwareProblem> =>
  err({ code, detail });

/** A vend that was not begun. */
const nothingSeen = {
  drops: 0,
  noise: false,
  beamAfter: 'untested',
  rotated: 'no',
  pulse: 'refused',
  pulseMs: undefined,
  sensorsLost: false,
} as const;

const sameHealth = (a: DispenserHealth, b: DispenserHealth): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Spirals over one drop beam. Only one vend or one test of the beam runs at a time. */
export class SpiralDispenser implements Dispenser {
  readonly #deps: DispenserDependencies;
  readonly #sensors: Sensors;
  readonly #lamp: TrayLamp;
  readonly #healthListeners: ((health: DispenserHealth) => void)[] = [];
  readonly #strayListeners: ((atMs: number) => void)[] = [];
  #idleBeam = new BeamWatch();
  #busy = false;
  #turn: Turn | undefined;
  #test: EmitterTest | undefined;
  #testing: Promise<BeamProof> | undefined;
  #proof: BeamProof = 'untested';
  /** When `prepare` last proved the beam alive, with no turn since. */
  #provenAtMs: number | undefined;
  #blocked = false;
  #health: DispenserHealth;
  #cancelBlocked: Cancel = () => undefined;
  #cancelRetest: Cancel = () => undefined;
  #closed = false;

  constructor(deps: DispenserDependencies) {
    this.#deps = deps;
    this.#sensors = new Sensors({
      inputs: deps.inputs,
      lines: inputLines(deps.wiring),
      scheduler: deps.scheduler,
      retry: { firstMs: deps.timeouts.retryFirstMs, mostMs: deps.timeouts.retryMostMs },
    });
    this.#lamp = new TrayLamp(deps.guard, deps.wiring);
    this.#health = this.#look();
    this.#sensors.onEdge((edge) => {
      this.#see(edge);
    });
    this.#sensors.onOpen((open) => {
      this.#sensorsChanged(open);
    });
    deps.guard.onAlive((alive) => {
      if (alive) this.#retest();
      this.#tellHealth();
    });
  }

  get health(): DispenserHealth {
    return this.#health;
  }

  onHealth(listener: (health: DispenserHealth) => void): void {
    this.#healthListeners.push(listener);
  }

  onStrayDrop(listener: (atMs: number) => void): void {
    this.#strayListeners.push(listener);
  }

  /** Opens the sensors; they come back by themselves whenever they are lost. */
  start(): Promise<void> {
    return this.#sensors.start();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetest();
    this.#cancelBlocked();
    return this.#sensors.close();
  }

  async prepare(slotNumber: number): Promise<Result<PreparedVend, HardwareProblem>> {
    await this.#testing;
    const slot = this.#deps.wiring.slots.find((each) => each.slot === slotNumber);
    if (!slot) return refusal('no_such_line', `There is no slot ${String(slotNumber)}.`);
    if (this.#busy) return refusal('busy', 'Another vend has not settled yet.');
    this.#busy = true;
    const refused = await this.#whyNot();
    if (refused) {
      this.#free();
      return err(refused);
    }
    return ok(this.#prepared(slot, this.#proof));
  }

  /** Everything that must hold before a gift is promised; the beam is tested last, unless it was tested a moment ago. */
  async #whyNot(): Promise<HardwareProblem | undefined> {
    const { clock, timeouts, wiring } = this.#deps;
    const seen = this.#whyNotAtOnce();
    if (seen) return seen;
    const nowMs = clock.monotonicMs();
    if (this.#provenAtMs !== undefined && nowMs - this.#provenAtMs <= timeouts.beamProofMs) return undefined;
    const proof = await this.#testBeam();
    if (proof === 'dead') return { code: 'refused', detail: 'The drop sensor does not see its emitter.' };
    if (proof === 'untested' && wiring.beam.emitter) {
      return { code: 'gone', detail: 'The drop sensor could not be tested.' };
    }
    this.#provenAtMs = proof === 'alive' ? clock.monotonicMs() : undefined;
    return undefined;
  }

  /** What can be seen without driving anything. */
  #whyNotAtOnce(): HardwareProblem | undefined {
    const { guard, wiring } = this.#deps;
    if (!guard.alive) return { code: 'gone', detail: 'The guard is not there.' };
    if (!this.#sensors.open) return { code: 'gone', detail: 'The sensors are not there.' };
    if (wiring.door && this.#sensors.level(wiring.door.input) === true) {
      return { code: 'refused', detail: 'The door is open.' };
    }
    if (this.#sensors.level(wiring.beam.input) === true) return { code: 'refused', detail: 'The beam is blocked.' };
    return undefined;
  }

  #prepared(slot: SlotWiring, beamBefore: BeamProof): PreparedVend {
    let used = false;
    return {
      energise: (onPhase) => {
        assert(!used, 'A prepared vend is energised at most once.');
        used = true;
        return this.#vend(slot, beamBefore, onPhase);
      },
      cancel: () => {
        if (!used) this.#free();
        used = true;
      },
    };
  }

  async #vend(
    slot: SlotWiring,
    beamBefore: BeamProof,
    onPhase: (phase: 'turning' | 'watching' | 'settling') => void,
  ): Promise<VendReport> {
    const { guard, clock, scheduler, wiring } = this.#deps;
    this.#provenAtMs = undefined;
    if (this.#whyNotAtOnce()) {
      // The world has changed since the promise: nothing was driven, and nothing will be.
      this.#free();
      return classify({ ...nothingSeen, beamBefore });
    }
    const turn = new Turn({
      guard,
      clock,
      scheduler,
      wiring,
      slot,
      homeAtStart: slot.home !== null && this.#sensors.level(slot.home) === true,
      beamBefore,
      testBeam: () => this.#testBeam(),
      onPhase,
      onStray: (atMs) => {
        this.#tellStray(atMs);
      },
    });
    this.#turn = turn;
    try {
      const report = await turn.run();
      if (report.outcome === 'dropped') this.#lamp.light();
      return report;
    } finally {
      this.#turn = undefined;
      this.#idleBeam = new BeamWatch();
      this.#free();
      this.#tellHealth();
    }
  }

  /** The beam belongs to nobody now; a proof that was lost while somebody had it is sought again. */
  #free(): void {
    this.#busy = false;
    if (this.#proof === 'untested' && this.#deps.wiring.beam.emitter) this.#retest();
  }

  #see(edge: Edge): void {
    const { beam } = this.#deps.wiring;
    if (edge.line === beam.input) {
      this.#watchBlocked(edge.active);
      if (this.#test) this.#test.see(edge);
      else if (this.#turn) this.#turn.see(edge);
      else if (this.#idleBeam.see(edge)) this.#tellStray(edge.atMs);
    } else {
      this.#turn?.see(edge);
      this.#lamp.see(edge);
    }
    this.#tellHealth();
  }

  #tellStray(atMs: number): void {
    for (const listener of this.#strayListeners) listener(atMs);
  }

  /** Tests the beam; a test that is already running is shared. */
  #testBeam(): Promise<BeamProof> {
    this.#testing ??= this.#runTest().finally(() => {
      this.#testing = undefined;
    });
    return this.#testing;
  }

  async #runTest(): Promise<BeamProof> {
    const { guard, scheduler, wiring, timeouts } = this.#deps;
    this.#cancelRetest();
    this.#test = new EmitterTest({ guard, scheduler, wiring, answerMs: timeouts.beamAnswerMs });
    this.#proof = await this.#test.run();
    this.#test = undefined;
    if (this.#proof !== 'alive' && wiring.beam.emitter && !this.#closed) {
      this.#cancelRetest = scheduler.after(timeouts.beamRetestMs, () => {
        this.#retest();
      });
    }
    this.#tellHealth();
    return this.#proof;
  }

  /** Tests again while nobody waits for it. */
  #retest(): void {
    if (this.#busy || !this.#sensors.open || !this.#deps.guard.alive || this.#closed) return;
    void this.#testBeam();
  }

  #sensorsChanged(open: boolean): void {
    this.#idleBeam = new BeamWatch();
    this.#proof = 'untested';
    this.#provenAtMs = undefined;
    if (!open) this.#turn?.loseSensors();
    this.#watchBlocked(this.#sensors.level(this.#deps.wiring.beam.input) === true);
    if (open) this.#retest();
    this.#tellHealth();
  }

  /** A beam that stays broken longer than any item is blocked. */
  #watchBlocked(broken: boolean): void {
    this.#cancelBlocked();
    this.#blocked = false;
    if (!broken) return;
    this.#cancelBlocked = this.#deps.scheduler.after(DROP_MOST_MS, () => {
      this.#blocked = true;
      this.#tellHealth();
    });
  }

  #look(): DispenserHealth {
    const { guard, wiring } = this.#deps;
    const seen = <Yes, No>(at: { input: number } | null, yes: Yes, no: No): Yes | No | 'unknown' => {
      const level = at ? this.#sensors.level(at.input) : undefined;
      if (level === undefined) return 'unknown';
      return level ? yes : no;
    };
    const proven = this.#proof === 'alive' || !wiring.beam.emitter;
    const clear = proven && this.#sensors.open ? 'clear' : 'unknown';
    return {
      guard: guard.alive,
      sensors: this.#sensors.open,
      beam: this.#blocked ? 'blocked' : clear,
      tray: seen(wiring.tray, 'occupied' as const, 'empty' as const),
      door: seen(wiring.door, 'open' as const, 'closed' as const),
    };
  }

  #tellHealth(): void {
    const next = this.#look();
    if (sameHealth(next, this.#health)) return;
    this.#health = next;
    for (const listener of this.#healthListeners) listener(next);
  }
}
