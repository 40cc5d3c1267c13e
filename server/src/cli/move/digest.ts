import { createHash } from 'node:crypto';

/** What a table holds, as two numbers that a single changed value would change. */
export interface Digest {
  readonly rows: number;
  /** SHA-256 over every row in the order of its key, hex. */
  readonly sha256: string;
}

/** Counts and hashes rows as they come by. */
export class Digester {
  readonly #hash = createHash('sha256');
  #rows = 0;

  add(values: readonly unknown[]): void {
    this.#rows += 1;
    const plain = values.map((value) => (Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value));
    this.#hash.update(`${JSON.stringify(plain)}\n`);
  }

  get rows(): number {
    return this.#rows;
  }

  digest(): Digest {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}
