import type { Outcome } from '@tessera/shared/protocol/kiosk-parts';
import type { AtRedemption } from './calls.ts';
import type { Possibility } from './checker.ts';

/**
 * How a redemption stands, as far as a caller can tell: `refused` is a tombstone for ever. Overdue is not told apart: only
 * time makes it.
 */
const standings = ['none', 'held', 'vending', 'in_doubt', 'captured', 'released', 'refused'] as const;
export type Standing = (typeof standings)[number];

/** What authorise may be refused with; which it is stays for ever, see `changedRefusals` of the recorder. */
export const refusals = ['redemption_refused', 'insufficient_points', 'out_of_stock', 'session_over'] as const;

/** The standings of all redemptions of an object, one letter each: short to compare and to remember. */
export type Standings = string;

const letterOf = (standing: Standing): string => String.fromCharCode(97 + standings.indexOf(standing));

/** Where each redemption of an object stands among the standings; -1 for one that is none of its. */
export function placesOf(redemptions: readonly AtRedemption[]): (at: AtRedemption) => number {
  const places = new Map(redemptions.map(({ redemption }, index) => [redemption, index]));
  return ({ redemption }) => places.get(redemption) ?? -1;
}

export const noneOf = (count: number): Standings => letterOf('none').repeat(count);

export const standingOf = (all: Standings, index: number): Standing => standings[all.charCodeAt(index) - 97] ?? 'none';

/** Where a standing occurs. */
export function indicesOf(all: Standings, standing: Standing): number[] {
  const found: number[] = [];
  const letter = letterOf(standing);
  for (let at = all.indexOf(letter); at >= 0; at = all.indexOf(letter, at + 1)) found.push(at);
  return found;
}

export const withStanding = (all: Standings, index: number, standing: Standing): Standings =>
  all.slice(0, index) + letterOf(standing) + all.slice(index + 1);

/** What a kiosk may report. */
export type Report = 'vending' | 'abandon' | Outcome;

type Moves = Readonly<Partial<Record<Standing, Standing>>>;

/** Where a report leads; what is not named here and has not ended is refused as a `conflict`. */
const moves: Readonly<Record<Report, Moves>> = {
  vending: { held: 'vending', vending: 'vending', in_doubt: 'in_doubt' },
  abandon: { none: 'refused', held: 'released' },
  dropped: { held: 'captured', vending: 'captured', in_doubt: 'in_doubt' },
  not_dropped: { none: 'refused', held: 'released', vending: 'released', in_doubt: 'in_doubt' },
  unknown: { held: 'in_doubt', vending: 'in_doubt', in_doubt: 'in_doubt' },
};

const hasEnded = (standing: Standing): boolean =>
  standing === 'captured' || standing === 'released' || standing === 'refused';

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
