import type { Edge } from '../ports.ts';

/** An item breaks the beam for 5 to 80 ms; a margin on both sides for odd shapes and the sensor's own time. */
const DROP_LEAST_MS = 2;
export const DROP_MOST_MS = 400;

/** Reads the edges of the drop beam: whole interruptions of a plausible length are drops, all else is noise. */
export class BeamWatch {
  #brokenSinceMs: number | undefined;
  #drops = 0;
  #noise = false;

  /** Takes an edge; true when it completed a drop. */
  see({ active, atMs }: Pick<Edge, 'active' | 'atMs'>): boolean {
    if (active) {
      this.#brokenSinceMs = atMs;
      return false;
    }
    const sinceMs = this.#brokenSinceMs;
    this.#brokenSinceMs = undefined;
    if (sinceMs === undefined) return false;
    const lastedMs = atMs - sinceMs;
    const drop = lastedMs >= DROP_LEAST_MS && lastedMs <= DROP_MOST_MS;
    if (drop) this.#drops += 1;
    else this.#noise = true;
    return drop;
  }

  get drops(): number {
    return this.#drops;
  }

  /** Broken just now. */
  get broken(): boolean {
    return this.#brokenSinceMs !== undefined;
  }

  /** Something was seen that no item does; a beam that is still broken counts. */
  get noise(): boolean {
    return this.#noise || this.broken;
  }
}
