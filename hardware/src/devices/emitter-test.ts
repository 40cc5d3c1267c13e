import type { Scheduler } from '@tessera/shared/ports';
import type { Edge, Guard, Wiring } from '../ports.ts';

export type EmitterTestDependencies = {
  readonly guard: Guard;
  readonly scheduler: Scheduler;
  readonly wiring: Wiring;
  readonly answerMs: number;
};

/** What a test of the beam showed. */
export type BeamProof = 'alive' | 'dead' | 'untested';

/**
 * One test of the beam: the emitter goes dark for a moment, and the beam must read broken, then clear again.
 * Feed it the beam's edges with `see` while it runs.
 */
export class EmitterTest {
  readonly #deps: EmitterTestDependencies;
  #sawBroken = false;
  #clear = true;
  #dark = true;
  #finish: () => void = () => undefined;

  constructor(deps: EmitterTestDependencies) {
    this.#deps = deps;
  }

  see({ active }: Edge): void {
    this.#sawBroken ||= active;
    this.#clear = !active;
    if (!this.#dark && this.#passed) this.#finish();
  }

  /** Runs it; `untested` where there is no emitter, or the guard would not drive it. */
  async run(): Promise<BeamProof> {
    const { guard, scheduler, wiring, answerMs } = this.#deps;
    const { emitter } = wiring.beam;
    if (!emitter) return 'untested';
    const pulsed = await guard.pulse({ line: emitter.line, ms: wiring.emitterTestMs });
    if (!pulsed.ok || pulsed.value.by === 'lost') return 'untested';
    this.#dark = false;
    // The sensors' word comes by another way than the guard's answer, so it may come a little later.
    await new Promise<void>((resolve) => {
      const cancel = scheduler.after(answerMs, resolve);
      this.#finish = () => {
        cancel();
        resolve();
      };
      if (this.#passed) this.#finish();
    });
    return this.#passed ? 'alive' : 'dead';
  }

  get #passed(): boolean {
    return this.#sawBroken && this.#clear;
  }
}
