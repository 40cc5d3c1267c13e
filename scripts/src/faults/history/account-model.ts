import type { AtRedemption, Call } from './calls.ts';
import { slotOf, type AtSlot } from './calls.ts';
import type { Model, Possibility } from './checker.ts';
import {
  afterReport,
  indicesOf,
  noneOf,
  placesOf,
  refusal,
  refusals,
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
  const indexOf = placesOf(redemptions);
  return {
    initial: { ...initial, redemptions: noneOf(redemptions.length) },
    key: ({ available, held, redemptions: all }) => `${String(available)} ${String(held)} ${all}`,
    reads: ({ call }) => call === 'balance' || call === 'identify' || call === 'told',
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
          return [success(state, { state: standingOf(state.redemptions, indexOf(call)) })];
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
  if (standing === 'refused') return refusals.map((code) => refusal(state, code));
  if (standing !== 'none') return [success(state, { state: standing, pointsAfter: available })];
  const refused = { ...state, redemptions: withStanding(redemptions, index, 'refused') };
  const elsewhere = [refusal(refused, 'out_of_stock'), refusal(refused, 'session_over')];
  if (available < price) return [...elsewhere, refusal(refused, 'insufficient_points', { missing: price - available })];
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
  const tellsPoints = to !== 'refused' && said !== 'vending' && said !== 'abandon';
  return [success(after, { state: to, ...(tellsPoints ? { points: after.available } : {}) })];
}

/** A count of a slot ends this member's doubts there, where it proves something: whether it does, the slot knows. */
function counts(state: AccountState, redemptions: readonly AtRedemption[], at: AtSlot): Possibility<AccountState>[] {
  const here = slotOf(at);
  const doubts = indicesOf(state.redemptions, 'in_doubt').flatMap((index) => {
    const redemption = redemptions[index];
    return redemption && slotOf(redemption) === here ? [{ index, price: redemption.price }] : [];
  });
  const settled = (to: Standing): AccountState =>
    doubts.reduce((before, { index, price }) => moved(before, index, price, to), state);
  return [
    success(settled('captured'), { verdict: 'all_fell' }),
    success(settled('released'), { verdict: 'none_fell' }),
    ...['agrees', 'difference', 'not_conclusive'].map((verdict) => success(state, { verdict })),
  ];
}
