import type { BookRow } from '../../harness/books.ts';

/** Everything that a proof compares, taken before and after a redemption that was disturbed. */
export type Facts = {
  readonly redemptions: readonly BookRow[];
  readonly balance: { readonly available: number; readonly held: number };
  /** How often each slot's motor was driven, and what fell. */
  readonly pulses: number;
  readonly drops: number;
  /** Units that the kiosk saw fall outside of any vend, and told the staff of. */
  readonly strays: number;
  /** Names of the invariants that `check` finds broken. */
  readonly broken: readonly string[];
};

const settledStates = new Set(['captured', 'released', 'refused', 'in_doubt']);

/** True once nothing is under way any more: all that is left open is honestly in doubt. */
export const isSettled = (rows: readonly Pick<BookRow, 'state'>[]): boolean =>
  rows.every(({ state }) => settledStates.has(state));

const newRows = (before: Facts, after: Facts): BookRow[] => {
  const known = new Set(before.redemptions.map(({ redemptionId }) => redemptionId));
  return after.redemptions.filter(({ redemptionId }) => !known.has(redemptionId));
};

/** Units that fell beside the one that was paid for, and were written off. */
const extraOf = (rows: readonly BookRow[]): number => rows.reduce((total, { extraDrops }) => total + extraDrops, 0);

/**
 * What fell and was neither written off as a second unit of a vend nor, beside a gift that was paid for, told as a stray: a second
 * unit that is slow enough falls after its vend. A stray alone is no excuse: then a gift was given for nothing.
 */
const unexplainedDrops = (before: Facts, after: Facts, rows: readonly BookRow[]): number =>
  after.drops - before.drops - extraOf(rows) - Math.min(after.strays - before.strays, countOf(rows, 'captured'));

const countOf = (rows: readonly BookRow[], state: string): number => rows.filter((row) => row.state === state).length;

const priceOf = (rows: readonly BookRow[], state: string): number =>
  rows.filter((row) => row.state === state).reduce((total, { price }) => total + price, 0);

/**
 * What must hold after one disturbed redemption: energised at most once, points and drops agree
 * but for what is honestly in doubt, nothing left hanging. Answers the sentences that do not hold.
 */
export function violations(before: Facts, after: Facts): string[] {
  const rows = newRows(before, after);
  const captured = countOf(rows, 'captured');
  const doubt = countOf(rows, 'in_doubt');
  const drops = unexplainedDrops(before, after, rows);
  const pulses = after.pulses - before.pulses;
  const spent = before.balance.available + before.balance.held - after.balance.available - after.balance.held;
  const held = after.balance.held - before.balance.held;
  const claims: readonly (readonly [holds: boolean, sentence: string])[] = [
    [rows.length <= 1, `one tap made ${String(rows.length)} redemptions`],
    [isSettled(rows), `left under way: ${rows.map(({ state }) => state).join(', ')}`],
    [pulses <= 1, `energised ${String(pulses)} times`],
    [
      drops >= captured && drops <= captured + doubt,
      `${String(drops)} fell, ${String(captured)} captured, ${String(doubt)} in doubt`,
    ],
    [
      spent === priceOf(rows, 'captured'),
      `${String(spent)} points spent, ${String(priceOf(rows, 'captured'))} captured`,
    ],
    [held === priceOf(rows, 'in_doubt'), `${String(held)} points held, ${String(priceOf(rows, 'in_doubt'))} in doubt`],
    [after.broken.length === 0, `check: ${after.broken.join(', ')}`],
  ];
  return claims.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

/** What must hold once every doubt was ended by a count: what fell is what was captured, and nothing is held. */
export function finalViolations(before: Facts, after: Facts): string[] {
  const rows = newRows(before, after);
  const captured = countOf(rows, 'captured');
  const drops = unexplainedDrops(before, after, rows);
  const claims: readonly (readonly [holds: boolean, sentence: string])[] = [
    [drops === captured, `after the count: ${String(drops)} fell, ${String(captured)} captured`],
    [after.balance.held === before.balance.held, `after the count: ${String(after.balance.held)} points still held`],
    [after.broken.length === 0, `after the count, check: ${after.broken.join(', ')}`],
  ];
  return claims.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}
