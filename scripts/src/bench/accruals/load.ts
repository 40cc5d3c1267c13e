import { Caller } from '../caller.ts';
import type { BenchMarket, BenchTill } from './found.ts';

/** How tills send: one sale a request, or a hundred. */
export type Manner = { readonly batch: number; readonly tills: number; readonly where: 'spread' | 'hot' };

/** What came of one stretch of load. */
export type Stretch = { readonly accruals: number; readonly seconds: number; readonly latencies: readonly number[] };

/** Sent to the process that makes load, and what it answers. */
export type LoadOrder =
  | { readonly type: 'prepare'; readonly url: string; readonly marketFile: string }
  | { readonly type: 'run'; readonly seconds: number; readonly manner: Manner };
export type LoadAnswer = { readonly type: 'ready' } | { readonly type: 'done'; readonly stretch: Stretch };

const MOST_CONNECTIONS = 64;

/** Tills that sell, one request after the other, over connections that stay open. */
export class Tills {
  readonly #market: BenchMarket;
  readonly #caller: Caller;
  #sold = 0;

  constructor(url: string, market: BenchMarket) {
    this.#market = market;
    this.#caller = new Caller(url, MOST_CONNECTIONS);
  }

  /** Every till sells until the time is over. */
  async drive(seconds: number, { batch, tills, where }: Manner): Promise<Stretch> {
    const latencies: number[] = [];
    let accruals = 0;
    const started = performance.now();
    const until = started + seconds * 1000;
    await Promise.all(
      this.#market[where].slice(0, tills).map(async (till) => {
        while (performance.now() < until) {
          const asked = performance.now();
          await this.#sell(till, batch);
          latencies.push(performance.now() - asked);
          accruals += batch;
        }
      }),
    );
    return { accruals, seconds: (performance.now() - started) / 1000, latencies };
  }

  async #sell({ token }: BenchTill, batch: number): Promise<void> {
    const sales = Array.from({ length: batch }, () => this.#sale());
    const [first] = sales;
    if (batch === 1 && first) {
      await this.#caller.post('/v1/accruals', token, first, first.reference);
      return;
    }
    const text = await this.#caller.post('/v1/accruals/batch', token, { accruals: sales });
    const { results } = JSON.parse(text) as { results: readonly { ok: boolean }[] };
    if (!results.every(({ ok }) => ok)) throw new Error(`A sale was refused: ${text.slice(0, 500)}`);
  }

  #sale() {
    this.#sold += 1;
    const { memberIds } = this.#market;
    // A step that shares no factor with the number of members, so that each has a turn and neighbours lie far apart.
    const memberId = memberIds[(this.#sold * 7919) % memberIds.length] ?? '';
    const amountMinor = 500 + ((this.#sold * 37) % 9000);
    return {
      member: { memberId },
      reference: `R-${String(this.#sold).padStart(9, '0')}`,
      amountMinor,
      currency: 'EUR',
    };
  }
}
