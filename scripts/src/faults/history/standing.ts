import type { Outcome } from '@tessera/shared/protocol/kiosk-parts';
import type { Possibility } from './checker.ts';

/**
 * How a redemption stands, as far as a caller can tell: `redemption_refused` and the codes after it are the tombstones, told
 * apart by what a repeated authorise is answered. Overdue is not told apart: only time makes it.
 */
const standings = [
  'none',
  'held',
  'vending',
  'in_doubt',
  'captured',
  'released',
  'redemption_refused',
  'insufficient_points',
  'out_of_stock',
  'session_over',
] as const;
export type Standing = (typeof standings)[number];

const tombstones = new Set<Standing>(['redemption_refused', 'insufficient_points', 'out_of_stock', 'session_over']);
export const isTombstone = (standing: Standing): boolean => tombstones.has(standing);

/** The word that the server uses for it. */
export const bookWord = (standing: Standing): string => (isTombstone(standing) ? 'refused' : standing);

/** The standings of all redemptions of an object, one letter each: short to compare and to remember. */
export type Standings = string;

const letterOf = (standing: Standing): string => String.fromCharCode(97 + standings.indexOf(standing));

export const noneOf = (count: number): Standings => letterOf('none').repeat(count);

export const standingOf = (all: Standings, index: number): Standing => standings[all.charCodeAt(index) - 97] ?? 'none';

export const withStanding = (all: Standings, index: number, standing: Standing): Standings =>
  all.slice(0, index) + letterOf(standing) + all.slice(index + 1);

/** What a kiosk may report. */
export type Report = 'vending' | 'abandon' | Outcome;

type Moves = Readonly<Partial<Record<Standing, Standing>>>;

/** Where a report leads; what is not named here and has not ended is refused as a `conflict`. */
const moves: Readonly<Record<Report, Moves>> = {
  vending: { held: 'vending', vending: 'vending', in_doubt: 'in_doubt' },
  abandon: { none: 'redemption_refused', held: 'released' },
  dropped: { held: 'captured', vending: 'captured', in_doubt: 'in_doubt' },
  not_dropped: { none: 'redemption_refused', held: 'released', vending: 'released', in_doubt: 'in_doubt' },
  unknown: { held: 'in_doubt', vending: 'in_doubt', in_doubt: 'in_doubt' },
};

const hasEnded = (standing: Standing): boolean =>
  standing === 'captured' || standing === 'released' || isTombstone(standing);

/** How a redemption stands after a report; undefined where it is refused. Nothing moves what has ended. */
export const afterReport = (standing: Standing, report: Report): Standing | undefined =>
  hasEnded(standing) ? standing : moves[report][standing];

/** A possibility without effect. */
export const refusal = <State>(
  state: State,
  code: string,
  facts: Possibility<State>['answer']['facts'] = {},
): Possibility<State> => ({ state, answer: { kind: 'refused', code, facts } });

export const success = <State>(
  state: State,
  facts: Possibility<State>['answer']['facts'] = {},
): Possibility<State> => ({ state, answer: { kind: 'ok', facts } });
