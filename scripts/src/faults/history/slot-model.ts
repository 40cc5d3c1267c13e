import type { AtRedemption, Call } from './calls.ts';
import type { Facts, Model, Possibility } from './checker.ts';
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

/** A slot: its units, why it serves nobody (null where it serves), and the redemptions out of it. */
export type SlotState = {
  readonly onHand: number;
  readonly reserved: number;
  readonly inDoubt: number;
  readonly outReason: string | null;
  readonly redemptions: Standings;
};
export type SlotUnits = Omit<SlotState, 'redemptions'>;

const viewOf = ({ onHand, reserved, inDoubt, outReason }: SlotState): Facts => ({
  onHand,
  reserved,
  inDoubt,
  inService: outReason === null,
  outReason,
});

/** The first reason stays. */
const closed = (state: SlotState, reason: string): SlotState =>
  state.outReason === null ? { ...state, outReason: reason } : state;

/**
 * What a slot may answer when one call is served after the other. Knows of points only that they may refuse. No other slot
 * of the kiosk has its reward, and nothing disturbs it.
 */
export function slotModel(
  initial: SlotUnits,
  capacity: number,
  redemptions: readonly AtRedemption[],
): Model<SlotState, Call> {
  const indexOf = placesOf(redemptions);
  return {
    initial: { ...initial, redemptions: noneOf(redemptions.length) },
    key: ({ onHand, reserved, inDoubt, outReason, redemptions: all }) =>
      [onHand, reserved, inDoubt, outReason ?? '', all].join(' '),
    reads: ({ call }) => call === 'slot' || call === 'told',
    possibilities(state, call) {
      switch (call.call) {
        case 'authorise':
          return authorise(state, indexOf(call));
        case 'vending':
        case 'abandon':
          return report(state, indexOf(call), call.call, false);
        case 'outcome':
          return report(state, indexOf(call), call.outcome, call.outcome === 'not_dropped' && call.rotated === 'yes');
        case 'told':
          return [success(state, { state: standingOf(state.redemptions, indexOf(call)) })];
        case 'load':
          return [loaded(state, call.units, capacity)];
        case 'adjust':
          return [adjusted(state, call.units)];
        case 'count':
          return [counted(state, call.counted)];
        case 'service':
          return [served(state, call.inService)];
        case 'slot':
          return [success(state, viewOf(state))];
        default:
          return [];
      }
    },
  };
}

function authorise(state: SlotState, index: number): Possibility<SlotState>[] {
  const standing = standingOf(state.redemptions, index);
  if (standing === 'refused') return refusals.map((code) => refusal(state, code));
  if (standing !== 'none') return [success(state, { state: standing })];
  const as = (to: Standing): SlotState => ({ ...state, redemptions: withStanding(state.redemptions, index, to) });
  const refused = as('refused');
  const over = refusal(refused, 'session_over');
  const free = state.outReason === null && state.onHand > state.reserved;
  if (!free) return [refusal(refused, 'out_of_stock'), over];
  const held = { ...as('held'), reserved: state.reserved + 1 };
  // Points are looked at last: who is refused for them has seen a free unit.
  return [success(held, { state: 'held' }), refusal(refused, 'insufficient_points'), over];
}

function moved(state: SlotState, index: number, to: Standing): SlotState {
  const from = standingOf(state.redemptions, index);
  const redemptions = withStanding(state.redemptions, index, to);
  if (to === 'in_doubt') return closed({ ...state, redemptions, inDoubt: state.inDoubt + 1 }, 'in_doubt');
  if (to !== 'captured' && to !== 'released') return { ...state, redemptions };
  const reserved = state.reserved - 1;
  const inDoubt = state.inDoubt - (from === 'in_doubt' ? 1 : 0);
  // A unit that fell was there, whatever the books said.
  const onHand = to === 'captured' ? Math.max(state.onHand, 1) - 1 : state.onHand;
  return { ...state, redemptions, reserved, inDoubt, onHand };
}

function report(state: SlotState, index: number, said: Report, hangs: boolean): Possibility<SlotState>[] {
  const from = standingOf(state.redemptions, index);
  const to = afterReport(from, said);
  if (to === undefined) return [refusal(state, 'conflict')];
  const answer = { state: to };
  if (from === to) return [success(state, answer)];
  const after = moved(state, index, to);
  return [success(hangs ? closed(after, 'may_hang') : after, answer)];
}

function loaded(state: SlotState, units: number, capacity: number): Possibility<SlotState> {
  const room = capacity - state.onHand;
  if (units > room) return refusal(state, 'conflict', { room });
  const after = { ...state, onHand: state.onHand + units };
  return success(after, viewOf(after));
}

function adjusted(state: SlotState, units: number): Possibility<SlotState> {
  if (state.onHand - state.inDoubt + units < 0) return refusal(state, 'conflict', { onHand: state.onHand });
  const after = { ...state, onHand: state.onHand + units };
  return success(after, viewOf(after));
}

function served(state: SlotState, inService: boolean): Possibility<SlotState> {
  if (inService && state.inDoubt > 0) return refusal(state, 'conflict', { inDoubt: state.inDoubt });
  const after = { ...state, outReason: inService ? null : 'staff' };
  return success(after, viewOf(after));
}

/** Ends all doubts of the slot. */
function settled(state: SlotState, to: 'captured' | 'released'): SlotState {
  return indicesOf(state.redemptions, 'in_doubt').reduce((before, index) => moved(before, index, to), state);
}

/** A count says something where it finds all, or finds as many missing as are in doubt while nothing is under way. */
function counted(state: SlotState, found: number): Possibility<SlotState> {
  const { onHand: expected, inDoubt } = state;
  const underWay = state.reserved - inDoubt;
  const facts = { expected, counted: found, underWay };
  const allFell = inDoubt > 0 && underWay === 0 && found === expected - inDoubt;
  const noneFell = inDoubt > 0 && found === expected;
  if ((inDoubt > 0 && !allFell && !noneFell) || (underWay > 0 && found !== expected)) {
    return success(state, { ...facts, verdict: 'not_conclusive' });
  }
  const after = inDoubt === 0 ? state : settled(state, allFell ? 'captured' : 'released');
  const plain = found === after.onHand ? 'agrees' : 'difference';
  const verdict = allFell ? 'all_fell' : noneFell ? 'none_fell' : plain;
  const outReason = after.outReason === 'staff' ? 'staff' : null;
  return success({ ...after, onHand: found, outReason }, { ...facts, verdict });
}
