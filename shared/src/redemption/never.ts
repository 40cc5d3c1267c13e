import type { BookEvent, BookState } from './books.ts';
import type { VendEvent, VendState } from './vend.ts';

/**
 * Pairs of the tables that the system around them never enters, and why: their refusals are a second wall. The simulation
 * counts every look-up; a pair that is entered all the same proves its reason wrong.
 */
export type Never<State extends string, Event extends string> = {
  readonly states: readonly State[];
  readonly events: readonly Event[];
  readonly because: string;
};

const notInDoubt = [
  'none',
  'held',
  'held_overdue',
  'vending',
  'vending_overdue',
  'captured',
  'released',
  'refused',
] as const satisfies readonly BookState[];

export const booksNever: readonly Never<BookState, BookEvent>[] = [
  {
    states: notInDoubt,
    events: ['count_fell', 'count_absent'],
    because: 'a count takes its redemptions by a query for those in doubt, in the same command',
  },
  {
    states: notInDoubt,
    events: ['staff_captured', 'staff_released'],
    because: 'a proposal is made of what is in doubt, and its confirmation looks for an end before it asks the table',
  },
  {
    states: ['none', 'in_doubt', 'captured', 'released', 'refused'],
    events: ['silence', 'doubt_due'],
    because: 'the sweep finds only rows that wait: overdue_at and overdue_since are empty in these states',
  },
  {
    states: ['held', 'vending'],
    events: ['doubt_due'],
    because: 'the sweep for doubts finds only rows that are overdue',
  },
  {
    states: ['held_overdue', 'vending_overdue'],
    events: ['silence'],
    because: 'what is overdue has no overdue_at any more',
  },
  {
    states: ['none', 'captured', 'released', 'refused'],
    events: ['never_requested', 'journal_lost'],
    because: 'hello looks only at the redemptions of its kiosk that are open',
  },
  {
    states: ['held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt', 'captured', 'released', 'refused'],
    events: ['refuse'],
    because: 'a refusal is kept only for an id that is not stored yet',
  },
  {
    states: ['none', 'refused'],
    events: ['revoked'],
    because: 'an order of the web is held from its first moment, and found by its row before it is revoked',
  },
  {
    states: ['refused'],
    events: ['authorise'],
    because: 'authorise answers a tombstone with its first refusal before it asks the table',
  },
  {
    states: ['none', 'held', 'held_overdue', 'vending', 'vending_overdue', 'refused'],
    events: ['outcome_conflict'],
    because: 'a second word contradicts a first one, and the first one has ended the redemption or put it in doubt',
  },
  {
    states: ['held', 'held_overdue', 'vending', 'vending_overdue'],
    events: ['never_requested'],
    because:
      'a journal holds what it asks for before it asks, and authorise shows its head: one that does not know is behind',
  },
  {
    states: ['held_overdue', 'vending_overdue'],
    events: ['authorise', 'vending'],
    because: 'both are sent within vendBy, and no living connection keeps a message until silence makes overdue',
  },
  {
    states: ['vending', 'vending_overdue'],
    events: ['abandon', 'revoked'],
    because: 'what a kiosk has given up or withdrawn it never turns for, and what it has turned for it never gives up',
  },
  {
    states: ['held_overdue'],
    events: ['revoked'],
    because: 'only orders of the web are revoked, and one that waits for its member is never overdue',
  },
  {
    states: ['refused'],
    events: ['vending', 'dropped', 'not_dropped', 'unknown'],
    because: 'a kiosk turns only with a grant, and a tombstone never gets one',
  },
];

const beforeVending = ['none', 'requested', 'authorised', 'accepted'] as const satisfies readonly VendState[];
const ended = [
  'dropped',
  'not_dropped',
  'unknown',
  'abandoned',
  'refused',
  'closed',
] as const satisfies readonly VendState[];
const open = ['requested', 'authorised', 'accepted', 'vending'] as const satisfies readonly VendState[];

export const vendNever: readonly Never<VendState, VendEvent>[] = [
  {
    states: [...open, ...ended],
    events: ['request'],
    because: 'the kiosk makes a new id for each request',
  },
  {
    states: [...open, ...ended],
    events: ['accept_code'],
    because: 'a code whose redemption the journal knows is refused before the machine is asked',
  },
  {
    states: ['none', 'authorised', 'accepted', 'vending', ...ended],
    events: ['authorise', 'refuse'],
    because: 'the runner hands on one answer, while it waits for it in requested',
  },
  {
    states: ['none', 'requested', 'vending', ...ended],
    events: ['cancel'],
    because: 'the runner gives up only while it prepares the machine, in authorised or accepted',
  },
  {
    states: ['none', ...ended],
    events: ['late'],
    because: 'the clock is looked at only on the way to the pulse',
  },
  {
    states: ['none', 'requested', 'vending', 'dropped', 'not_dropped', 'unknown', 'refused'],
    events: ['start'],
    because: 'the runner starts what it has prepared, once; only a revocation, closed or not, can have come between',
  },
  {
    states: [...beforeVending, ...ended],
    events: ['saw_drop', 'proved_absent', 'lost_sight'],
    because: 'an outcome comes from the motor that the runner has turned for what is vending, once',
  },
  {
    states: ['none', 'closed'],
    events: ['restart'],
    because: 'a start settles what the journal holds as open',
  },
  {
    states: ['none', ...open, 'closed'],
    events: ['acknowledge'],
    because: 'the outbox reports ends alone, each until it is closed',
  },
  {
    states: ['requested', 'authorised', 'refused'],
    events: ['revoke'],
    because: 'only orders of the web are revoked, and those are never asked for at the screen',
  },
];
