import { Ordered } from '../orders.ts';
import type { LoadAnswer, LoadOrder, Stretch } from './load.ts';

/** A process that makes load, seen from its parent. */
export class Worker {
  readonly #process: Ordered<LoadOrder, LoadAnswer>;

  constructor(entry: 'generator' | 'in-process', args: readonly string[], execArgv: readonly string[]) {
    this.#process = new Ordered(new URL(`./${entry}/main.js`, import.meta.url), args, execArgv);
  }

  async do(order: Exclude<LoadOrder, { type: 'run' }>): Promise<void> {
    await this.#process.ask(order);
  }

  async run(seconds: number): Promise<Stretch> {
    const answer = await this.#process.ask({ type: 'run', seconds });
    if (answer.type !== 'done') throw new Error('The load process answered something else than its load.');
    return answer.stretch;
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
