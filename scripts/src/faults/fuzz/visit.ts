import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { Findings } from './findings.ts';

const REPORT_EVERY = 500;

/** One door's share of a run: where its chance comes from, how long it goes on, and what was heard. */
export class Visit {
  readonly chance: SeededChance;
  readonly findings: Findings;
  readonly say: (line: string) => void;
  /** How often each kind of answer came. */
  readonly answered = new Map<string, number>();
  readonly #most: { readonly minutes: number; readonly messages: number };
  #endMs: number | undefined;
  #spoken = 0;

  constructor(parts: {
    chance: SeededChance;
    findings: Findings;
    say: (line: string) => void;
    most: { readonly minutes: number; readonly messages: number };
  }) {
    this.chance = parts.chance;
    this.findings = parts.findings;
    this.say = parts.say;
    this.#most = parts.most;
  }

  get messages(): number {
    return this.#spoken;
  }

  /** True where there is time for one more message, which it counts. The time begins with the first: what was started for it is free. */
  next(): boolean {
    const now = performance.now();
    this.#endMs ??= now + this.#most.minutes * 60_000;
    if (this.#spoken >= this.#most.messages || now >= this.#endMs) return false;
    this.#spoken += 1;
    if (this.#spoken % REPORT_EVERY === 0)
      this.say(`${String(this.#spoken)} messages, ${String(this.findings.found.length)} findings`);
    return true;
  }

  readonly heard = (answer: string, times = 1): void => {
    this.answered.set(answer, (this.answered.get(answer) ?? 0) + times);
  };
}
