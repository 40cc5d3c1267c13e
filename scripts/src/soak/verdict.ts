import type { BookRow, MovementRow } from '../harness/books.ts';

/** What the books and the cabinet say once everything has settled. */
export type Ledger = {
  readonly redemptions: readonly BookRow[];
  readonly movements: readonly MovementRow[];
  /** What fell, by slot, and how often motors were driven. */
  readonly drops: readonly { readonly slot: number }[];
  readonly pulses: number;
  /** What lies in each slot, and what the books believe. */
  readonly slots: readonly { readonly slot: number; readonly goods: number; readonly onHand: number }[];
};

export type Verdict = {
  readonly captured: number;
  readonly released: number;
  readonly writtenOff: number;
  /** Units that counts found missing (positive) or too many. */
  readonly variance: number;
  /** Drops that neither a capture, nor a write-off, nor a counted difference accounts for, over all slots. */
  readonly unexplained: number;
  /** Redemptions that have not ended. */
  readonly open: number;
  /** Slots whose goods are not what is booked. */
  readonly slotsOff: number;
  /** Captures of a slot beyond what fell from it: points for nothing. */
  readonly unpaid: number;
  /** Pulses beyond the redemptions that may have been energised. */
  readonly extraPulses: number;
};

const ended = new Set(['captured', 'released', 'refused']);

/** Compares the books with what physically happened. */
export function verdictOf({ redemptions, movements, drops, pulses, slots }: Ledger): Verdict {
  const inState = (state: string): BookRow[] => redemptions.filter((row) => row.state === state);
  const moved = (slot: number, kind: string): number =>
    movements.filter((row) => row.slot === slot && row.kind === kind).reduce((sum, { change }) => sum - change, 0);
  const sum = (read: (slot: number) => number): number => slots.reduce((total, { slot }) => total + read(slot), 0);
  const fell = (slot: number): number => drops.filter((drop) => drop.slot === slot).length;
  const captures = (slot: number): number => inState('captured').filter((row) => row.slot === slot).length;
  const accounted = (slot: number): number => captures(slot) + moved(slot, 'write_off') + moved(slot, 'variance');
  return {
    captured: inState('captured').length,
    released: inState('released').length,
    writtenOff: sum((slot) => moved(slot, 'write_off')),
    variance: sum((slot) => moved(slot, 'variance')),
    unexplained: sum((slot) => Math.abs(fell(slot) - accounted(slot))),
    open: redemptions.filter(({ state }) => !ended.has(state)).length,
    slotsOff: slots.filter(({ goods, onHand }) => goods !== onHand).length,
    unpaid: sum((slot) => Math.max(0, captures(slot) - fell(slot))),
    extraPulses: Math.max(0, pulses - redemptions.filter(({ state }) => state !== 'refused').length),
  };
}
