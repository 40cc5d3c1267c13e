import { memberIdOf } from '@tessera/shared/ids/member-id';
import type { Chance } from '@tessera/shared/ports';

/** A number from 0 to `range - 1`, each equally likely: values of the last, incomplete round are drawn again. */
export function drawBelow(range: number, chance: Chance): number {
  const limit = Math.floor(2 ** 32 / range) * range;
  for (;;) {
    const value = Buffer.from(chance.bytes(4)).readUInt32BE(0);
    if (value < limit) return value % range;
  }
}

/** A member ID that says nothing about when or where somebody joined. */
export const drawMemberId = (chance: Chance): string => memberIdOf(100_000_000 + drawBelow(900_000_000, chance));

/** Six digits to prove that a message arrived. */
export const drawCode = (chance: Chance): string => String(drawBelow(1_000_000, chance)).padStart(6, '0');
