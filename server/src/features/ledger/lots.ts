import { assert } from '@tessera/shared/result';

/** A lot as the burning order gives it. */
export interface BurnableLot {
  readonly lot_id: string;
  readonly remaining: number;
}

/** Points of one lot. */
export interface LotPart {
  readonly lotId: string;
  readonly points: number;
}

/** Takes points from lots in the given order; `short` is what they could not cover. */
export function burn(lots: readonly BurnableLot[], points: number): { taken: LotPart[]; short: number } {
  const taken: LotPart[] = [];
  let short = points;
  for (const lot of lots) {
    if (short === 0) break;
    const part = Math.min(lot.remaining, short);
    if (part === 0) continue;
    taken.push({ lotId: lot.lot_id, points: part });
    short -= part;
  }
  return { taken, short };
}

/** What a hold took: lots in the order of burning, and what the member came to owe for it, which is burnt last. */
export interface Taken<Part extends LotPart = LotPart> {
  readonly parts: readonly Part[];
  readonly owed: number;
}

/**
 * Gives `points` of a taking back, from its end: what is left is what a smaller taking would have been, whatever the steps.
 * So all partial returns together are the whole one.
 */
export function giveBack<Part extends LotPart>(
  { parts, owed }: Taken<Part>,
  points: number,
): { back: Part[]; owedBack: number } {
  const owedBack = Math.min(owed, points);
  const back: Part[] = [];
  let left = points - owedBack;
  for (const part of [...parts].reverse()) {
    if (left === 0) break;
    const returned = Math.min(part.points, left);
    if (returned === 0) continue;
    back.push({ ...part, points: returned });
    left -= returned;
  }
  assert(left === 0, 'no more comes back than was taken');
  return { back, owedBack };
}
