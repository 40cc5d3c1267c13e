import type { Chance } from '@tessera/shared/ports';

/** A small, fast, well-mixed generator (sfc32 of PractRand) behind all that the simulation leaves to chance. */
export class SeededChance implements Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let warmUp = 0; warmUp < 15; warmUp += 1) this.next();
  }

  /** A 32-bit unsigned integer. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** An integer from 0 to `below` − 1. */
  integer(below: number): number {
    return Math.floor((this.next() / 2 ** 32) * below);
  }

  /** True with the given probability (0 to 1). */
  happens(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  /** One of a list; the list is not empty. */
  pick<T>(list: readonly T[]): T {
    const item = list[this.integer(list.length)];
    if (item === undefined) throw new Error('pick from an empty list');
    return item;
  }

  /** An independent generator for one part of the world, so that a change in one part does not shift all others. */
  fork(): SeededChance {
    return new SeededChance(this.next(), this.next());
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.next() >>> 24);
  }
}

/** A whole number from the least to just below the most. */
export const between = (chance: SeededChance, [least, most]: readonly [number, number]): number =>
  least + chance.integer(most - least);
