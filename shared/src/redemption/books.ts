import { go, no, type MachineTable } from '../machine.ts';

/**
 * A redemption in the server's books. `none` is an id the server has never seen; `held` and `vending` become
 * `…_overdue` on silence (quiet: points stay held); `refused` is the tombstone of an id that will never be authorised.
 */
export const bookStates = [
  'none',
  'held',
  'held_overdue',
  'vending',
  'vending_overdue',
  'in_doubt',
  'captured',
  'released',
  'refused',
] as const;
export type BookState = (typeof bookStates)[number];

/**
 * `authorise` passes only after all checks; `refuse` is a failed check. `never_requested`: open here, unknown to a journal
 * that is not behind. `journal_lost`: the journal was lost, restored or cloned. `outcome_conflict`: a second, different word
 * of the kiosk for the same id. `revoked`: the kiosk acknowledged that a pick-up code can no longer be used.
 */
export const bookEvents = [
  'authorise',
  'refuse',
  'abandon',
  'vending',
  'dropped',
  'not_dropped',
  'unknown',
  'outcome_conflict',
  'never_requested',
  'journal_lost',
  'revoked',
  'silence',
  'doubt_due',
  'count_fell',
  'count_absent',
  'staff_captured',
  'staff_released',
] as const;
export type BookEvent = (typeof bookEvents)[number];

/**
 * `hold` takes points and a unit in one step; `capture` burns both; `release` gives both back; `doubt` takes the slot out of
 * service and tells the member; `tell_*` sends the member a message; `discrepancy` opens a case for two staff and changes
 * no books.
 */
export type BookEffect = 'hold' | 'capture' | 'release' | 'doubt' | 'tell_captured' | 'tell_released' | 'discrepancy';

type Row = MachineTable<BookState, BookEvent, BookEffect>[BookState];

const captured = go<BookState, BookEffect>('captured', 'capture', 'tell_captured');
const released = go<BookState, BookEffect>('released', 'release', 'tell_released');
const inDoubt = go<BookState, BookEffect>('in_doubt', 'doubt');

/** What evidence does to any redemption whose points are still held. */
const evidence = {
  dropped: captured,
  not_dropped: released,
  unknown: inDoubt,
  journal_lost: inDoubt,
} as const;

const notInDoubt = {
  count_fell: no('not_in_doubt'),
  count_absent: no('not_in_doubt'),
  staff_captured: no('not_in_doubt'),
  staff_released: no('not_in_doubt'),
} as const;

/** An ended redemption: repeats are answered, contradictions open a discrepancy, nothing is overwritten. */
const ended = {
  refuse: no('ended'),
  never_requested: no('ended'),
  journal_lost: no('ended'),
  revoked: no('ended'),
  silence: no('ended'),
  doubt_due: no('ended'),
  count_fell: no('ended'),
  count_absent: no('ended'),
  staff_captured: no('already_resolved'),
  staff_released: no('already_resolved'),
} as const;

const held: Row = {
  ...evidence,
  ...notInDoubt,
  authorise: go('held'),
  refuse: no('already_held'),
  abandon: released,
  vending: go('vending'),
  outcome_conflict: no('no_outcome_yet'),
  never_requested: released,
  revoked: released,
  silence: go('held_overdue'),
  doubt_due: no('not_overdue'),
};

const vending: Row = {
  ...evidence,
  ...notInDoubt,
  authorise: go('vending'),
  refuse: no('already_held'),
  abandon: no('a_drop_is_possible'),
  vending: go('vending'),
  outcome_conflict: no('no_outcome_yet'),
  never_requested: inDoubt,
  revoked: no('a_drop_is_possible'),
  silence: go('vending_overdue'),
  doubt_due: no('not_overdue'),
};

export const books: MachineTable<BookState, BookEvent, BookEffect> = {
  none: {
    ...notInDoubt,
    authorise: go('held', 'hold'),
    refuse: go('refused'),
    abandon: go('refused'),
    vending: no('unknown_redemption'),
    dropped: no('unknown_redemption'),
    not_dropped: go('refused'),
    unknown: no('unknown_redemption'),
    outcome_conflict: no('unknown_redemption'),
    never_requested: go('refused'),
    journal_lost: go('refused'),
    revoked: no('unknown_redemption'),
    silence: no('unknown_redemption'),
    doubt_due: no('unknown_redemption'),
  },
  held,
  held_overdue: {
    ...held,
    authorise: go('held_overdue'),
    vending: go('vending_overdue'),
    silence: no('already_overdue'),
    doubt_due: inDoubt,
  },
  vending,
  vending_overdue: {
    ...vending,
    authorise: go('vending_overdue'),
    vending: go('vending_overdue'),
    silence: no('already_overdue'),
    doubt_due: inDoubt,
  },
  in_doubt: {
    ...evidence,
    unknown: go('in_doubt'),
    journal_lost: go('in_doubt'),
    authorise: go('in_doubt'),
    refuse: no('already_held'),
    abandon: no('a_drop_is_possible'),
    vending: go('in_doubt'),
    outcome_conflict: go('in_doubt', 'discrepancy'),
    never_requested: go('in_doubt'),
    revoked: no('a_drop_is_possible'),
    silence: no('already_in_doubt'),
    doubt_due: no('already_in_doubt'),
    count_fell: captured,
    count_absent: released,
    staff_captured: captured,
    staff_released: released,
  },
  captured: {
    ...ended,
    authorise: go('captured'),
    abandon: go('captured', 'discrepancy'),
    vending: go('captured'),
    dropped: go('captured'),
    not_dropped: go('captured', 'discrepancy'),
    unknown: go('captured'),
    outcome_conflict: go('captured', 'discrepancy'),
  },
  released: {
    ...ended,
    authorise: go('released'),
    abandon: go('released'),
    vending: go('released', 'discrepancy'),
    dropped: go('released', 'discrepancy'),
    not_dropped: go('released'),
    unknown: go('released', 'discrepancy'),
    outcome_conflict: go('released', 'discrepancy'),
    never_requested: go('released'),
    revoked: go('released'),
  },
  refused: {
    ...ended,
    authorise: no('refused_for_ever'),
    refuse: go('refused'),
    abandon: go('refused'),
    vending: go('refused', 'discrepancy'),
    dropped: go('refused', 'discrepancy'),
    not_dropped: go('refused'),
    unknown: go('refused', 'discrepancy'),
    outcome_conflict: go('refused', 'discrepancy'),
    never_requested: go('refused'),
    journal_lost: go('refused'),
  },
};

/** True while points are held and a unit is reserved. */
export const isOpen = (state: BookState): boolean =>
  state === 'held' ||
  state === 'held_overdue' ||
  state === 'vending' ||
  state === 'vending_overdue' ||
  state === 'in_doubt';
