import { encodeUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';

const RANDOM_BYTES = 10;

/**
 * ULIDs that rise within a millisecond too: what one command books one after the other must stand in that order in a
 * history that is sorted by them.
 */
export class RisingIds {
  readonly #chance: Chance;
  #at = -1;
  #random = new Uint8Array(RANDOM_BYTES);

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** @param at ms since the epoch */
  next(at: number): string {
    if (at !== this.#at || !raise(this.#random)) this.#random = Uint8Array.from(this.#chance.bytes(RANDOM_BYTES));
    this.#at = at;
    return encodeUlid(at, this.#random);
  }
}

/** Adds one to a number in bytes, the highest first; false where it has come to its end. */
function raise(bytes: Uint8Array): boolean {
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const digit = bytes[index] ?? 0;
    bytes[index] = (digit + 1) & 0xff;
    if (digit < 0xff) return true;
  }
  return false;
}
