import type { Edge, SlotWiring } from '../ports.ts';

/**
 * What home switch and motor current say of one turn. The home switch is the witness; a current without it says only
 * that power came through, for a jammed motor draws current too, and a stuck switch hides a turn.
 */
export class RotationWatch {
  readonly #wiring: SlotWiring;
  #homeMoved = false;
  #left: boolean;
  #currentSeen = false;

  /** @param homeAtStart whether the home switch was closed before the pulse */
  constructor(wiring: SlotWiring, homeAtStart: boolean) {
    this.#wiring = wiring;
    this.#left = !homeAtStart;
  }

  /** Takes an edge; true when the spiral has just come home. */
  see({ line, active }: Edge): boolean {
    if (line === this.#wiring.current) {
      this.#currentSeen ||= active;
      return false;
    }
    if (line !== this.#wiring.home) return false;
    this.#homeMoved = true;
    const cameHome = active && this.#left;
    this.#left ||= !active;
    return cameHome;
  }

  /** `no` is proof: nothing that could have seen a turn saw one. */
  get rotated(): 'yes' | 'no' | 'unknown' {
    const { home, current } = this.#wiring;
    if (this.#homeMoved) return 'yes';
    if (current !== null) return this.#currentSeen ? 'unknown' : 'no';
    return home === null ? 'unknown' : 'no';
  }
}
