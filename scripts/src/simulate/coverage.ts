import type { MachineTable, Transition } from '@tessera/shared/machine';
import { books } from '@tessera/shared/redemption/books';
import { booksNever, vendNever, type Never } from '@tessera/shared/redemption/never';
import { booksElsewhere } from './elsewhere.ts';
import { vend, vendStates, type VendState } from '@tessera/shared/redemption/vend';

/** All that the world does to a kiosk and to its wire. What is wrong with a slot shows only when its motor turns. */
export const kioskFaults = [
  'daemon_crash',
  'power_cut',
  'guard_crash',
  'server_crash',
  'cut',
  'half_open',
  'lost_message',
  'repeated_message',
  'slow_message',
  'slow_write',
  'clock_jump',
  'disk_lost',
  'kiosk_revoked',
] as const;
export const slotFaults = [
  'jam',
  'hang',
  'late_drop',
  'double_drop',
  'slow_motor',
  'dead_relay',
  'blind_beam',
] as const;
export type KioskFault = (typeof kioskFaults)[number];
export type Fault = KioskFault | (typeof slotFaults)[number];

/** One pair of a grid: how often it was entered, or why it never can be. */
export type Pair = { readonly row: string; readonly column: string; readonly entered: number; readonly never?: string };
export type Grid = { readonly name: string; readonly pairs: readonly Pair[] };

type Counts = Map<string, number>;
const keyOf = (row: string, column: string): string => `${row} × ${column}`;
const raise = (counts: Counts, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** Counts each look at a cell of a machine's table: a step is looked up nowhere else. Answers how to stop. */
function count<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
  counts: Counts,
): () => void {
  const undo: (() => void)[] = [];
  for (const [state, row] of Object.entries<Readonly<Record<E, Transition<S, F>>>>(table)) {
    for (const event of Object.keys(row) as E[]) {
      let cell = row[event];
      const key = keyOf(state, event);
      Object.defineProperty(row, event, {
        configurable: true,
        enumerable: true,
        get: () => {
          raise(counts, key);
          return cell;
        },
        set: (other: Transition<S, F>) => {
          cell = other;
        },
      });
      undo.push(() => {
        Object.defineProperty(row, event, { configurable: true, enumerable: true, writable: true, value: cell });
      });
    }
  }
  return () => {
    for (const each of undo) each();
  };
}

function gridOf<S extends string, E extends string, F extends string>(
  name: string,
  table: MachineTable<S, E, F>,
  counts: Counts,
  reasons: readonly Never<S, E>[],
): Grid {
  const never = new Map(
    reasons.flatMap(({ states, events, because }) =>
      states.flatMap((state) => events.map((event) => [keyOf(state, event), because] as const)),
    ),
  );
  const pairs = (Object.keys(table) as S[]).flatMap((row) =>
    (Object.keys(table[row]) as E[]).map((column) => pairOf(row, column, counts, never.get(keyOf(row, column)))),
  );
  return { name, pairs };
}

const pairOf = (row: string, column: string, counts: Counts, never: string | undefined): Pair => ({
  row,
  column,
  entered: counts.get(keyOf(row, column)) ?? 0,
  ...(never === undefined ? {} : { never }),
});

const SLOT_FAULTS_ONLY_VENDING = 'what is wrong with a slot is put there when its motor begins to turn';
/** An end that the kiosk writes and closes in one go, without waiting for anybody. */
const PASSES_AT_ONCE: Readonly<Partial<Record<VendState, string>>> = {
  closed: 'what is closed is forgotten: a fault then meets a kiosk with nothing open, counted as none',
};

/** What a run has met: pairs of state and event of both machines, and of fault and state of the kiosk's redemption. */
export class Coverage {
  readonly #books: Counts = new Map();
  readonly #vend: Counts = new Map();
  readonly #faults: Counts = new Map();
  readonly #stop: readonly (() => void)[];

  constructor() {
    this.#stop = [count(books, this.#books), count(vend, this.#vend)];
  }

  /** A fault struck a kiosk whose latest redemption was in a state. */
  fault(fault: Fault, state: VendState): void {
    raise(this.#faults, keyOf(fault, state));
  }

  /** Lets go of the tables. */
  stop(): void {
    for (const each of this.#stop) each();
  }

  grids(): readonly Grid[] {
    const faults = [...kioskFaults, ...slotFaults].flatMap((fault) =>
      vendStates.map((state) => {
        const isOfSlot = slotFaults.some((each) => each === fault);
        const never = isOfSlot && state !== 'vending' ? SLOT_FAULTS_ONLY_VENDING : PASSES_AT_ONCE[state];
        return pairOf(fault, state, this.#faults, never);
      }),
    );
    return [
      gridOf('books', books, this.#books, [...booksNever, ...booksElsewhere]),
      gridOf('vend', vend, this.#vend, vendNever),
      { name: 'faults', pairs: faults },
    ];
  }
}

/** Pairs that were never entered though nothing says why. */
export const uncovered = (grids: readonly Grid[]): string[] =>
  grids.flatMap(({ name, pairs }) =>
    pairs
      .filter(({ entered, never }) => entered === 0 && never === undefined)
      .map(({ row, column }) => `${name}: ${keyOf(row, column)}`),
  );

/** Pairs that were entered though a reason says that they cannot be. */
export const contradicted = (grids: readonly Grid[]): string[] =>
  grids.flatMap(({ name, pairs }) =>
    pairs
      .filter(({ entered, never }) => entered > 0 && never !== undefined)
      .map(({ row, column }) => `${name}: ${keyOf(row, column)}`),
  );

/** A grid for people: a row a line, a column a number; `-` cannot occur, `!` should have and did not. */
export function drawGrid({ name, pairs }: Grid): string {
  const rows = [...new Set(pairs.map(({ row }) => row))];
  const columns = [...new Set(pairs.map(({ column }) => column))];
  const cell = (row: string, column: string): string => {
    const pair = pairs.find((each) => each.row === row && each.column === column);
    if (!pair) return '';
    return pair.entered > 0 ? String(pair.entered) : pair.never === undefined ? '!' : '-';
  };
  const head = columns.map((column, index) => `  ${String(index + 1).padStart(2)} ${column}`).join('\n');
  const numbers = columns.map((_, index) => String(index + 1).padStart(7)).join('');
  const lines = rows.map(
    (row) => `${row.padEnd(18)}${columns.map((column) => cell(row, column).padStart(7)).join('')}`,
  );
  return [`${name}:`, head, `${''.padEnd(18)}${numbers}`, ...lines].join('\n');
}
