import type { BookRow } from '../../harness/books.ts';
import { isSettled } from '../crash/verdict.ts';

/** What one slot's motor did and what fell from it: told by the cabinet, which kept its power. */
export type SlotTruth = { readonly slot: number; readonly pulses: number; readonly drops: number };

/** Everything that must agree, counted from the beginning of the run. */
export type Evidence = {
  readonly truth: readonly SlotTruth[];
  readonly rows: readonly BookRow[];
  /** Of all members together. */
  readonly available: number;
  readonly held: number;
  /** Points that were there at the beginning, and those of every purchase that the server acknowledged since. */
  readonly acknowledged: number;
  /** Names of the invariants that `tessera check` finds broken. */
  readonly broken: readonly string[];
};

const pricesOf = (rows: readonly BookRow[], state: string): number =>
  rows.filter((row) => row.state === state).reduce((total, { price }) => total + price, 0);

function slotDisagrees({ slot, pulses, drops }: SlotTruth, all: readonly BookRow[]): string[] {
  const rows = all.filter((row) => row.slot === slot && row.state !== 'refused');
  const captured = rows.filter(({ state }) => state === 'captured').length;
  const doubts = rows.filter(({ state }) => state === 'in_doubt').length;
  // What fell beside the gift is written down as such.
  const gifts = drops - rows.reduce((total, { extraDrops }) => total + extraDrops, 0);
  const name = `slot ${String(slot)}`;
  return [
    ...(pulses > rows.length ? [`${name}: driven ${String(pulses)} times for ${String(rows.length)} redemptions`] : []),
    ...(gifts < captured || gifts > captured + doubts
      ? [`${name}: ${String(gifts)} fell, ${String(captured)} captured, ${String(doubts)} in doubt`]
      : []),
  ];
}

/** Sentences that do not hold after a power cut, once the kiosk has settled what was open. */
export function disagreements({ truth, rows, available, held, acknowledged, broken }: Evidence): string[] {
  const spent = pricesOf(rows, 'captured');
  const doubted = pricesOf(rows, 'in_doubt');
  return [
    ...(isSettled(rows) ? [] : [`left under way: ${rows.map(({ state }) => state).join(', ')}`]),
    ...truth.flatMap((slot) => slotDisagrees(slot, rows)),
    ...(available + held + spent === acknowledged
      ? []
      : [
          `${String(available)} available + ${String(held)} held + ${String(spent)} spent is not ${String(acknowledged)}, which was acknowledged`,
        ]),
    ...(held === doubted ? [] : [`${String(held)} held for ${String(doubted)} in doubt`]),
    ...broken.map((name) => `check: ${name}`),
  ];
}

/** Ids that an earlier look found captured and that are so no more. */
export function forgotten(before: readonly string[], rows: readonly BookRow[]): string[] {
  const states = new Map(rows.map(({ redemptionId, state }) => [redemptionId, state]));
  return before
    .filter((id) => states.get(id) !== 'captured')
    .map((id) => `${id} was captured and is now ${states.get(id) ?? 'unknown'}`);
}
