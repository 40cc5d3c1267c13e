import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadOrder, Stretch } from './load.ts';

/** A process that makes load, seen from its parent. */
export class Worker {
  readonly #child: ChildProcess;

  constructor(entry: 'generator' | 'in-process', args: readonly string[], execArgv: readonly string[]) {
    const path = fileURLToPath(new URL(`./${entry}/main.js`, import.meta.url));
    this.#child = fork(path, args, { execArgv: [...execArgv] });
  }

  async do(order: Exclude<LoadOrder, { type: 'run' }>): Promise<void> {
    await this.#ask(order);
  }

  async run(seconds: number): Promise<Stretch> {
    const answer = await this.#ask({ type: 'run', seconds });
    if (answer.type !== 'done') throw new Error('The load process answered something else than its load.');
    return answer.stretch;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }

  #ask(order: LoadOrder): Promise<LoadAnswer> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        reject(new Error('A load process ended by itself.'));
      };
      this.#child.once('exit', gone);
      this.#child.once('message', (answer: LoadAnswer) => {
        this.#child.off('exit', gone);
        if (answer.type === 'failed') reject(new Error(answer.error));
        else resolve(answer);
      });
      this.#child.send(order);
    });
  }
}
