import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';

const saleSchema = z.object({ key: z.string(), memberId: z.string(), points: z.int() });
type Sale = z.infer<typeof saleSchema>;

/** Purchases are there to have commits at every moment, not to keep a slow guest from its gifts. */
const BETWEEN_MS = 800;
const PATIENCE_MS = 20_000;

/**
 * A merchant's till: books purchases without end and remembers what it was told. What it sent is in a file before it is
 * sent, so that after a cut it asks again, under the same key, for whatever nobody answered.
 */
export class Clerk {
  readonly #url: string;
  readonly #token: string;
  readonly #file: string;
  readonly #sales: Sale[];
  readonly #unanswered: Sale[];

  constructor(options: { readonly url: string; readonly token: string; readonly file: string }) {
    this.#url = options.url;
    this.#token = options.token;
    this.#file = options.file;
    this.#sales = existsSync(options.file)
      ? readFileSync(options.file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => z.parse(saleSchema, JSON.parse(line)))
      : [];
    // Whether those of an earlier run were answered is not known: asking again has no second effect.
    this.#unanswered = [...this.#sales];
  }

  /** Points of all purchases so far; true for the server's books once `catchUp` has run. */
  get points(): number {
    return this.#sales.reduce((total, { points }) => total + points, 0);
  }

  get sales(): number {
    return this.#sales.length;
  }

  /** Asks again for everything that was not answered. */
  async catchUp(): Promise<void> {
    for (let sale = this.#unanswered[0]; sale; sale = this.#unanswered[0]) {
      await this.#post(sale);
      this.#unanswered.shift();
    }
  }

  /** Books one purchase after the other until something goes wrong, which is the power. */
  async work(members: readonly { readonly memberId: string }[], points: number): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const member = members[turn % members.length];
      if (!member) return;
      const sale = { key: randomUUID(), memberId: member.memberId, points };
      appendFileSync(this.#file, `${JSON.stringify(sale)}\n`);
      this.#sales.push(sale);
      this.#unanswered.push(sale);
      await this.#post(sale);
      this.#unanswered.splice(this.#unanswered.indexOf(sale), 1);
      await sleep(BETWEEN_MS);
    }
  }

  async #post({ key, memberId, points }: Sale): Promise<void> {
    const response = await fetch(`${this.#url}/v1/accruals`, {
      method: 'POST',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ member: { memberId }, points, reference: key }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`purchase refused: ${String(response.status)} ${text}`);
  }
}
