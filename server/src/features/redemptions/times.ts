import type { BookState } from '@tessera/shared/redemption/books';
import type { Timeouts } from '../../platform/timeouts.ts';
import type { RedemptionRow } from './store.ts';

type Waits = Pick<RedemptionRow, 'overdue_at' | 'overdue_since'>;

/** What a redemption waits for once it is in a state: when silence makes it overdue, and since when it is. */
export function waitsIn(
  state: BookState,
  row: Pick<RedemptionRow, 'kind' | 'overdue_at' | 'overdue_since'>,
  at: number,
  timeouts: Timeouts,
): Waits {
  switch (state) {
    case 'held':
      // An order waits for its member, not for a kiosk: silence says nothing about it.
      if (row.kind === 'pickup') return { overdue_at: null, overdue_since: null };
      return { overdue_at: row.overdue_at ?? at + timeouts.vendByMs + timeouts.longestVendMs, overdue_since: null };
    case 'vending':
      return { overdue_at: Math.max(row.overdue_at ?? 0, at + timeouts.longestVendMs), overdue_since: null };
    case 'held_overdue':
    case 'vending_overdue':
      return { overdue_at: null, overdue_since: row.overdue_since ?? at };
    default:
      return { overdue_at: null, overdue_since: null };
  }
}
