import type { Never } from '@tessera/shared/redemption/never';
import type { BookEvent, BookState } from '@tessera/shared/redemption/books';

/**
 * Pairs that can be entered, but not in the simulated world: its server is never restored from a backup, its disks are lost
 * but never copied, and its staff tell the truth. Each is entered by test/server/redemptions/books.property.test.ts, and by the
 * tests that are named.
 */
export const booksElsewhere: readonly Never<BookState, BookEvent>[] = [
  {
    states: ['none'],
    events: ['vending', 'dropped', 'not_dropped', 'unknown'],
    because:
      'a kiosk turns only with a word that the server has committed: only a restored server has forgotten it (replay.test.ts)',
  },
  {
    states: ['in_doubt', 'captured', 'released'],
    events: ['outcome_conflict'],
    because: 'a journal reports the one end that it holds: only a copy of it, which is shut out, could tell another',
  },
  {
    states: ['in_doubt', 'captured'],
    events: ['revoked'],
    because:
      'what a kiosk has revoked it never turns for: only staff, or a copied journal, could have ended it otherwise',
  },
  {
    states: ['captured'],
    events: ['abandon', 'not_dropped'],
    because: 'nothing fell: only staff who decide against what happened have captured it',
  },
  {
    states: ['released'],
    events: ['dropped'],
    because: 'the gift fell: only staff who decide or count against what happened have released it',
  },
];
