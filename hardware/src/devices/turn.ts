import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import type { Result } from '@tessera/shared/result';
import type { Edge, Guard, HardwareProblem, PulseEnd, SlotWiring, VendReport, Wiring } from '../ports.ts';
import { BeamWatch } from './beam-watch.ts';
import { classify } from './classify.ts';
import type { BeamProof } from './emitter-test.ts';
import { RotationWatch } from './rotation.ts';

export type TurnDependencies = {
  readonly guard: Guard;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly wiring: Wiring;
  readonly slot: SlotWiring;
  readonly homeAtStart: boolean;
  readonly beamBefore: BeamProof;
  readonly testBeam: () => Promise<BeamProof>;
  readonly onPhase: (phase: 'turning' | 'watching' | 'settling') => void;
  /** Something fell that cannot be this vend's. */
  readonly onStray: (atMs: number) => void;
};

/** One vend from the pulse to the last test of the beam. Feed it every edge, and the loss of the sensors. */
export class Turn {
  readonly #deps: TurnDependencies;
  readonly #beam = new BeamWatch();
  readonly #rotation: RotationWatch;
  #startedMs = 0;
  #strays = 0;
  #sensorsLost = false;
  #watching = false;
  #cancelQuiet: Cancel = () => undefined;
  #quiet: () => void = () => undefined;

  constructor(deps: TurnDependencies) {
    this.#deps = deps;
    this.#rotation = new RotationWatch(deps.slot, deps.homeAtStart);
  }

  see(edge: Edge): void {
    const { wiring, guard, slot, onPhase, onStray } = this.#deps;
    if (this.#rotation.see(edge)) guard.letGo(slot.motor);
    if (edge.line !== wiring.beam.input) return;
    const fell = this.#beam.see(edge);
    if (fell && this.#isFromElsewhere(edge)) {
      this.#strays += 1;
      onStray(edge.atMs);
    }
    if (!this.#watching) return;
    if (fell && this.#drops === 1) onPhase('settling');
    this.#waitQuiet();
  }

  loseSensors(): void {
    this.#sensorsLost = true;
  }

  /** Turns the spiral, and says what came of it once the beam has been quiet for the settle window. */
  async run(): Promise<VendReport> {
    const { guard, clock, slot, onPhase, beamBefore } = this.#deps;
    this.#startedMs = clock.monotonicMs();
    const driven = guard.pulse({ line: slot.motor, ms: slot.pulseMs });
    onPhase('turning');
    const pulse = await driven;
    onPhase(this.#drops > 0 ? 'settling' : 'watching');
    await this.#settle();
    // A drop seen is proof by itself; the test still runs, so that the next member meets a proven beam.
    const beamAfter = await this.#proveBeam();
    return classify({
      drops: this.#drops,
      noise: this.#beam.noise,
      beamBefore,
      beamAfter,
      rotated: this.#rotation.rotated,
      sensorsLost: this.#sensorsLost,
      ...pulseFacts(pulse),
    });
  }

  /** What this vend let fall. */
  get #drops(): number {
    return this.#beam.drops - this.#strays;
  }

  /** A spiral that did not start at home may drop at any moment. */
  #isFromElsewhere({ atMs }: Edge): boolean {
    const { homeAtStart, wiring } = this.#deps;
    return homeAtStart && atMs - this.#startedMs < wiring.earliestDropMs;
  }

  #proveBeam(): Promise<BeamProof> {
    if (this.#sensorsLost) return Promise.resolve('untested');
    return this.#beam.broken ? Promise.resolve('dead') : this.#deps.testBeam();
  }

  #settle(): Promise<void> {
    return new Promise((resolve) => {
      this.#quiet = resolve;
      this.#watching = true;
      this.#waitQuiet();
    });
  }

  /** The window starts anew with every edge: where one item fell, another may follow. */
  #waitQuiet(): void {
    this.#cancelQuiet();
    this.#cancelQuiet = this.#deps.scheduler.after(this.#deps.wiring.settleMs, () => {
      this.#quiet();
    });
  }
}

function pulseFacts(pulse: Result<PulseEnd, HardwareProblem>): {
  pulse: 'done' | 'refused' | 'lost';
  pulseMs: number | undefined;
} {
  if (!pulse.ok) return { pulse: 'refused', pulseMs: undefined };
  const { by, drivenMs } = pulse.value;
  return { pulse: by === 'lost' ? 'lost' : 'done', pulseMs: drivenMs };
}
