import type { AtRedemption, Call } from './calls.ts';
import { slotOf, type AtSlot } from './calls.ts';
import type { Model, Possibility } from './checker.ts';
import {
  afterReport,
  bookWord,
  isTombstone,
  noneOf,
  refusal,
  standingOf,
  success,
  withStanding,
  type Report,
  type Standing,
  type Standings,
} from './standing.ts';

/** A member's points and redemptions. */
export type AccountState = { readonly available: number; readonly held: number; readonly redemptions: Standings };

/** What a member may see when one call is served after the other. Knows of stock only that it may refuse. */
export function accountModel(
  initial: { readonly available: number; readonly held: number },
  redemptions: readonly AtRedemption[],
): Model<AccountState, Call> {
  const places = new Map(redemptions.map(({ redemption }, index) => [redemption, index]));
  const indexOf = ({ redemption }: AtRedemption): number => places.get(redemption) ?? -1;
  return {
    initial: { ...initial, redemptions: noneOf(redemptions.length) },
    key: ({ available, held, redemptions: all }) => `${String(available)} ${String(held)} ${all}`,
    possibilities(state, call) {
      switch (call.call) {
        case 'accrue': {
          const available = state.available + call.points;
          return [success({ ...state, available }, { available })];
        }
        case 'balance':
          return [success(state, { available: state.available, held: state.held })];
        case 'identify':
          return [success(state, { points: state.available })];
        case 'authorise':
          return authorise(state, indexOf(call), call.price);
        case 'vending':
        case 'abandon':
          return report(state, indexOf(call), call.price, call.call);
        case 'outcome':
          return report(state, indexOf(call), call.price, call.outcome);
        case 'told':
          return [success(state, { state: bookWord(standingOf(state.redemptions, indexOf(call))) })];
        case 'count':
          return counts(state, redemptions, call);
        default:
          return [];
      }
    },
  };
}

function authorise(state: AccountState, index: number, price: number): Possibility<AccountState>[] {
  const { available, held, redemptions } = state;
  const standing = standingOf(redemptions, index);
  if (isTombstone(standing)) return [refusal(state, standing)];
  if (standing !== 'none') return [success(state, { state: standing, pointsAfter: available })];
  const tombstone = (code: Standing) => ({ ...state, redemptions: withStanding(redemptions, index, code) });
  const elsewhere = [
    refusal(tombstone('out_of_stock'), 'out_of_stock'),
    refusal(tombstone('session_over'), 'session_over'),
  ];
  if (available < price) {
    const missing = price - available;
    return [...elsewhere, refusal(tombstone('insufficient_points'), 'insufficient_points', { missing })];
  }
  const after = {
    available: available - price,
    held: held + price,
    redemptions: withStanding(redemptions, index, 'held'),
  };
  return [success(after, { state: 'held', pointsAfter: after.available }), ...elsewhere];
}

/** Moves one redemption; its points move with it. */
function moved(state: AccountState, index: number, price: number, to: Standing): AccountState {
  const { available, held } = state;
  const redemptions = withStanding(state.redemptions, index, to);
  const from = standingOf(state.redemptions, index);
  if (from === to) return state;
  if (to === 'captured') return { available, held: held - price, redemptions };
  if (to === 'released') return { available: available + price, held: held - price, redemptions };
  return { available, held, redemptions };
}

function report(state: AccountState, index: number, price: number, said: Report): Possibility<AccountState>[] {
  const to = afterReport(standingOf(state.redemptions, index), said);
  if (to === undefined) return [refusal(state, 'conflict')];
  const after = moved(state, index, price, to);
  const tellsPoints = !isTombstone(to) && said !== 'vending' && said !== 'abandon';
  return [success(after, { state: bookWord(to), ...(tellsPoints ? { points: after.available } : {}) })];
}

/** A count of a slot ends this member's doubts there, where it proves something: whether it does, the slot knows. */
function counts(state: AccountState, redemptions: readonly AtRedemption[], at: AtSlot): Possibility<AccountState>[] {
  const settled = (to: Standing): AccountState =>
    redemptions.reduce(
      (before, each, index) =>
        slotOf(each) === slotOf(at) && standingOf(before.redemptions, index) === 'in_doubt'
          ? moved(before, index, each.price, to)
          : before,
      state,
    );
  return [
    success(settled('captured'), { verdict: 'all_fell' }),
    success(settled('released'), { verdict: 'none_fell' }),
    ...['agrees', 'difference', 'not_conclusive'].map((verdict) => success(state, { verdict })),
  ];
}
