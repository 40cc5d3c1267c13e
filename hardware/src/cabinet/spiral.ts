import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import { atRest, headFor, motionAt, timeToAngle, type Motion } from './motor.ts';
import type { Physics } from './physics.ts';

/** What a spiral passes in each turn, in this order. */
export type Mark = 'home_left' | 'drop' | 'home_reached';

/** What a motor is able to do just now. */
export type MotorPower = 'off' | 'full' | 'slow' | 'jammed';

export type SpiralDependencies = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly physics: Physics;
  /** Called as the spiral passes a mark, with the exact monotonic time of it. */
  readonly onMark: (mark: Mark, atMs: number) => void;
};

/** One spiral on its motor: spins up, turns, coasts, and passes its marks at the right times. */
export class Spiral {
  readonly #deps: SpiralDependencies;
  #motion: Motion;
  #nextMark: number;
  #cancel: Cancel = () => undefined;

  constructor(deps: SpiralDependencies, saved: { angle: number; nextMark: number }) {
    this.#deps = deps;
    this.#motion = atRest(saved.angle, deps.clock.monotonicMs());
    this.#nextMark = saved.nextMark;
  }

  /** Degrees since the cabinet was built. */
  get angle(): number {
    return motionAt(this.#motion, this.#deps.clock.monotonicMs()).angle;
  }

  /** Degrees a ms. */
  get speed(): number {
    return motionAt(this.#motion, this.#deps.clock.monotonicMs()).speed;
  }

  /** How many marks it has passed, three a turn. */
  get nextMark(): number {
    return this.#nextMark;
  }

  /** The home switch is closed until the first mark of a turn is passed, and from the last on. */
  get home(): boolean {
    return this.#nextMark % 3 === 0;
  }

  /** Gives or takes power. A jam stops it dead; without power it coasts. */
  power(power: MotorPower): void {
    const { clock, physics } = this.#deps;
    const fullSpeed = 360 / physics.turnMs;
    const now = motionAt(this.#motion, clock.monotonicMs());
    if (power === 'jammed') this.#motion = atRest(now.angle, now.atMs);
    else if (power === 'off') this.#motion = headFor(now, { speed: 0, fullSpeed, overMs: physics.coastMs });
    else {
      const speed = power === 'slow' ? fullSpeed * physics.slowFactor : fullSpeed;
      this.#motion = headFor(now, { speed, fullSpeed, overMs: physics.spinUpMs });
    }
    this.#expectMark();
  }

  #markAngle(): number {
    const { homeTo, dropAt, homeFrom } = this.#deps.physics;
    const turn = Math.floor(this.#nextMark / 3) * 360;
    return turn + ([homeTo, dropAt, homeFrom][this.#nextMark % 3] ?? 0);
  }

  #expectMark(): void {
    this.#cancel();
    const inMs = timeToAngle(this.#motion, this.#markAngle());
    if (inMs === undefined) return;
    const atMs = this.#motion.atMs + inMs;
    this.#cancel = this.#deps.scheduler.after(Math.max(0, atMs - this.#deps.clock.monotonicMs()), () => {
      this.#pass(atMs);
    });
  }

  #pass(atMs: number): void {
    const mark = (['home_left', 'drop', 'home_reached'] as const)[this.#nextMark % 3] ?? 'drop';
    this.#motion = { ...motionAt(this.#motion, atMs), angle: this.#markAngle() };
    this.#nextMark += 1;
    this.#expectMark();
    this.#deps.onMark(mark, atMs);
  }
}
