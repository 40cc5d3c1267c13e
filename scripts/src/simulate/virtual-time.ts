import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import { SimulatedCrash } from './incarnation.ts';

type Entry = { readonly atMs: number; readonly order: number; readonly run: () => void };

const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap by time, then by order of arrival: ties are decided, so a seed gives one run. */
class Agenda {
  readonly #heap: Entry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(entry: Entry): void {
    const heap = this.#heap;
    heap.push(entry);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      const right = left + 1;
      const child = this.#isBefore(right, left) ? right : left;
      if (child >= heap.length || !this.#swapIfBefore(child, at)) return first;
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    return left !== undefined && right !== undefined && before(left, right);
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined || !before(first, second)) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}

/** Turns that are queued together: Node lets every promise settle between two of them, without a round of its event loop. */
const TURNS = 256;

/**
 * Time that moves only when the simulation says so. Between two entries every promise that can settle has settled,
 * so nothing depends on how fast this machine is.
 */
export class VirtualTime implements Scheduler {
  readonly #agenda = new Agenda();
  #order = 0;
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Virtual milliseconds since the epoch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** A clock on this time; `offsetMs` lets one machine's wall clock be wrong. */
  clock(offsetMs: () => number = () => 0): Clock {
    return { nowMs: () => Math.floor(this.#nowMs) + offsetMs(), monotonicMs: () => this.#nowMs };
  }

  after(delayMs: number, run: () => void): Cancel {
    let cancelled = false;
    const guarded = (): void => {
      if (!cancelled) run();
    };
    this.#agenda.push({ atMs: this.#nowMs + Math.max(0, delayMs), order: (this.#order += 1), run: guarded });
    return () => {
      cancelled = true;
    };
  }

  /** Waits in virtual time. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /**
   * Runs entry after entry, and lets every promise settle after each, until `isOver` says so; false where nothing is left
   * to do. An entry that throws a simulated crash has ended its own process, nothing more.
   */
  run(isOver: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let going = true;
      const stop = (end: () => void): void => {
        going = false;
        end();
      };
      const turn = (): void => {
        if (!going) return;
        if (isOver()) {
          stop(() => {
            resolve(true);
          });
          return;
        }
        try {
          if (this.#next()) return;
          stop(() => {
            resolve(false);
          });
        } catch (cause) {
          stop(() => {
            reject(cause instanceof Error ? cause : new Error(String(cause)));
          });
        }
      };
      const queue = (): void => {
        if (!going) return;
        for (let count = 0; count < TURNS; count += 1) setImmediate(turn);
        setImmediate(queue);
      };
      queue();
    });
  }

  /** Lets time pass until a piece of work is done; answers what it gave. */
  async finish<T>(work: Promise<T>): Promise<T> {
    const progress = { done: false };
    const ended = work.finally(() => {
      progress.done = true;
    });
    ended.catch(() => undefined);
    await this.run(() => progress.done);
    return ended;
  }

  /** Runs the next entry; false where there is none. */
  #next(): boolean {
    const entry = this.#agenda.pop();
    if (!entry) return false;
    this.#nowMs = Math.max(this.#nowMs, entry.atMs);
    try {
      entry.run();
    } catch (cause) {
      if (!(cause instanceof SimulatedCrash)) throw cause;
    }
    return true;
  }
}
