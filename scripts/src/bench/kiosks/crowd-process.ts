import { Ordered } from '../orders.ts';
import type { Heard } from './idle-kiosk.ts';

/** What the crowd is told to do. */
export type CrowdOrder =
  /** A part of the crowd, from its first to before its second number. */
  | { readonly type: 'arrive' | 'arrive_bare'; readonly url: string; readonly part: readonly [number, number] }
  | { readonly type: 'storm'; readonly url: string }
  /** Tells what each has heard since it was asked last. */
  | { readonly type: 'tell' };
export type CrowdAnswer = { readonly type: 'done' } | { readonly type: 'heard'; readonly heard: readonly Heard[] };

/** The process of the crowd, seen from the bench. One order at a time. */
export class Crowd {
  readonly #process: Ordered<CrowdOrder, CrowdAnswer>;

  constructor(fleetFile: string) {
    this.#process = new Ordered(new URL('./crowd.js', import.meta.url), [fleetFile]);
  }

  async do(order: Exclude<CrowdOrder, { type: 'tell' }>): Promise<void> {
    await this.#process.ask(order);
  }

  /** What each has heard since it was asked last. */
  async tell(): Promise<readonly Heard[]> {
    const answer = await this.#process.ask({ type: 'tell' });
    if (answer.type !== 'heard') throw new Error('The crowd answered something else than what it heard.');
    return answer.heard;
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
