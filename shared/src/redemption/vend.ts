import { go, no, type MachineTable } from '../machine.ts';

/**
 * A redemption in the kiosk's journal. Each state but `none` is a record that was fsynced.
 * `accepted` is a verified pick-up code: until `vending` it may be given back and used again.
 * From `vending` on a drop is possible; `closed` means the server has acknowledged the end.
 */
export const vendStates = [
  'none',
  'requested',
  'authorised',
  'accepted',
  'vending',
  'dropped',
  'not_dropped',
  'unknown',
  'abandoned',
  'refused',
  'closed',
] as const;
export type VendState = (typeof vendStates)[number];

/**
 * `request` starts a redemption at the screen, `accept_code` starts a pick-up by a verified code; `start` is the last step before
 * the pulse; `late` is vendBy passed; `restart` is the daemon starting with this record open; `acknowledge` is the server's
 * answer to the report. `revoke` withdraws an order that this kiosk may still be holding a code for.
 */
export const vendEvents = [
  'request',
  'accept_code',
  'authorise',
  'refuse',
  'cancel',
  'late',
  'start',
  'saw_drop',
  'proved_absent',
  'lost_sight',
  'restart',
  'acknowledge',
  'revoke',
] as const;
export type VendEvent = (typeof vendEvents)[number];

/**
 * `write` fsyncs the new state before anything else happens; `ask` sends authorise; `notice` tells the server of vending
 * (not awaited); `pulse` energises the slot; `report` puts the end into the ordered outbox.
 */
export type VendEffect = 'write' | 'ask' | 'notice' | 'pulse' | 'report';

type Row = MachineTable<VendState, VendEvent, VendEffect>[VendState];

const onlyWhile = (reason: string): Omit<Row, 'restart' | 'acknowledge'> => ({
  request: no('id_already_used'),
  accept_code: no('id_already_used'),
  authorise: no(reason),
  refuse: no(reason),
  cancel: no(reason),
  late: no(reason),
  start: no(reason),
  saw_drop: no(reason),
  proved_absent: no(reason),
  lost_sight: no(reason),
  revoke: no(reason),
});

const abandoned = go<VendState, VendEffect>('abandoned', 'write', 'report');

/** An end that the server has not acknowledged yet: a restart reports it again. */
const endedAs = (state: VendState): Row => ({
  ...onlyWhile('already_ended'),
  restart: go(state, 'report'),
  acknowledge: go('closed', 'write'),
});

export const vend: MachineTable<VendState, VendEvent, VendEffect> = {
  none: {
    ...onlyWhile('never_requested'),
    request: go('requested', 'write', 'ask'),
    accept_code: go('accepted', 'write'),
    restart: no('never_requested'),
    acknowledge: no('never_requested'),
    revoke: go('abandoned', 'write', 'report'),
  },
  requested: {
    ...onlyWhile('not_vending'),
    authorise: go('authorised', 'write'),
    refuse: go('refused', 'write'),
    cancel: abandoned,
    late: abandoned,
    start: no('not_authorised'),
    restart: abandoned,
    acknowledge: no('not_ended'),
    revoke: no('not_a_pickup'),
  },
  authorised: {
    ...onlyWhile('not_vending'),
    authorise: no('already_authorised'),
    refuse: no('already_authorised'),
    cancel: abandoned,
    late: abandoned,
    start: go('vending', 'write', 'notice', 'pulse'),
    restart: abandoned,
    acknowledge: no('not_ended'),
    revoke: no('not_a_pickup'),
  },
  accepted: {
    ...onlyWhile('not_vending'),
    authorise: no('already_authorised'),
    refuse: no('already_authorised'),
    cancel: go('none', 'write'),
    late: go('none', 'write'),
    start: go('vending', 'write', 'notice', 'pulse'),
    restart: go('none', 'write'),
    acknowledge: no('not_ended'),
    revoke: abandoned,
  },
  vending: {
    ...onlyWhile('a_drop_is_possible'),
    saw_drop: go('dropped', 'write', 'report'),
    proved_absent: go('not_dropped', 'write', 'report'),
    late: go('not_dropped', 'write', 'report'),
    lost_sight: go('unknown', 'write', 'report'),
    restart: go('unknown', 'write', 'report'),
    acknowledge: no('not_ended'),
  },
  dropped: endedAs('dropped'),
  not_dropped: endedAs('not_dropped'),
  unknown: endedAs('unknown'),
  abandoned: endedAs('abandoned'),
  refused: { ...endedAs('refused'), restart: go('closed', 'write') },
  closed: { ...onlyWhile('already_ended'), restart: go('closed'), acknowledge: go('closed') },
};
