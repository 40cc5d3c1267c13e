import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Heard } from './idle-kiosk.ts';

/** What the crowd is told to do. */
export type CrowdOrder =
  /** A part of the crowd, from its first to before its second number. */
  | { readonly type: 'arrive' | 'arrive_bare'; readonly url: string; readonly part: readonly [number, number] }
  | { readonly type: 'storm'; readonly url: string }
  /** Tells what each has heard since it was asked last. */
  | { readonly type: 'tell' };
export type CrowdAnswer =
  { readonly ok: true; readonly heard: readonly Heard[] } | { readonly ok: false; readonly error: string };

/** The process of the crowd, seen from the bench. One order at a time. */
export class Crowd {
  readonly #child: ChildProcess;

  constructor(fleetFile: string) {
    this.#child = fork(fileURLToPath(new URL('./crowd.js', import.meta.url)), [fleetFile]);
  }

  /** Resolves when the order is carried out; rejects where a kiosk could not. */
  async do(order: CrowdOrder): Promise<readonly Heard[]> {
    const answer = await new Promise<CrowdAnswer>((resolve, reject) => {
      this.#child.once('message', (message) => resolve(message as CrowdAnswer));
      this.#child.once('exit', () => reject(new Error('The crowd has died.')));
      this.#child.send(order);
    });
    this.#child.removeAllListeners('exit');
    if (!answer.ok) throw new Error(answer.error);
    return answer.heard;
  }

  close(): void {
    this.#child.kill();
  }
}
