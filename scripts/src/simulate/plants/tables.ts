import type { MachineTable, Transition } from '@tessera/shared/machine';
import { go } from '@tessera/shared/machine';
import { books, type BookEffect, type BookEvent, type BookState } from '@tessera/shared/redemption/books';
import { vend, type VendEffect, type VendEvent, type VendState } from '@tessera/shared/redemption/vend';
import { both, type Plant } from './plant.ts';

/** Changes one cell of a machine's table and gives back the way to undo it. */
function patch<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
  state: S,
  event: E,
  transition: Transition<S, F>,
): () => void {
  const row = table[state] as Record<E, Transition<S, F>>;
  const before = row[event];
  row[event] = transition;
  return () => {
    row[event] = before;
  };
}

const inBooks = (state: BookState, event: BookEvent, to: BookState, ...effects: BookEffect[]) =>
  patch(books, state, event, go(to, ...effects));
const inVend = (state: VendState, event: VendEvent, to: VendState, ...effects: VendEffect[]) =>
  patch(vend, state, event, go(to, ...effects));

/** Cells of the two machines, changed. */
export const tablePlants: readonly Plant[] = [
  {
    name: 'release-on-unknown',
    about: 'The server gives the points back when the kiosk does not know whether the gift fell.',
    plant: both(
      () => inBooks('held', 'unknown', 'released', 'release', 'tell_released'),
      () => inBooks('vending', 'unknown', 'released', 'release', 'tell_released'),
      () => inBooks('vending_overdue', 'unknown', 'released', 'release', 'tell_released'),
      () => inBooks('held_overdue', 'unknown', 'released', 'release', 'tell_released'),
    ),
  },
  {
    name: 'capture-on-unknown',
    about: 'The server takes the points when the kiosk does not know whether the gift fell.',
    plant: both(
      () => inBooks('held', 'unknown', 'captured', 'capture', 'tell_captured'),
      () => inBooks('vending', 'unknown', 'captured', 'capture', 'tell_captured'),
      () => inBooks('vending_overdue', 'unknown', 'captured', 'capture', 'tell_captured'),
      () => inBooks('held_overdue', 'unknown', 'captured', 'capture', 'tell_captured'),
    ),
  },
  {
    name: 'timer-releases',
    about: 'Silence alone gives the points back, though a gift may be falling.',
    plant: both(
      () => inBooks('held', 'silence', 'released', 'release', 'tell_released'),
      () => inBooks('vending', 'silence', 'released', 'release', 'tell_released'),
    ),
  },
  {
    name: 'retry-after-crash',
    about: 'A kiosk that crashed while vending takes it for not dropped, and the member tries again.',
    plant: () => inVend('vending', 'restart', 'not_dropped', 'write', 'report'),
  },
  {
    name: 'hold-leaks',
    about: 'An abandoned redemption ends without giving its points and its unit back.',
    plant: () => inBooks('held', 'abandon', 'released'),
  },
  {
    name: 'double-capture',
    about: 'A repeated report of a drop takes the points a second time.',
    plant: () => inBooks('captured', 'dropped', 'captured', 'capture'),
  },
  {
    name: 'hold-twice',
    about: 'A repeated authorise holds points and a unit once more.',
    plant: () => inBooks('held', 'authorise', 'held', 'hold'),
  },
];
