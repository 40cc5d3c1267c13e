import { setImmediate as macrotask } from 'node:timers/promises';
import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';

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

  /** Runs the next entry and lets its promises settle; false when nothing is left to do. */
  async step(): Promise<boolean> {
    const entry = this.#agenda.pop();
    if (!entry) return false;
    this.#nowMs = Math.max(this.#nowMs, entry.atMs);
    entry.run();
    await macrotask();
    return true;
  }
}
