import type { Figure } from '../../report/report.ts';
import { median, percentile } from '../statistics.ts';
import type { ReadName } from './stand.ts';
import type { Pair, Pairs } from './turns.ts';

/** What was measured in one alternation. */
export type Alternation = {
  readonly load: readonly number[];
  readonly pairs: Readonly<Record<ReadName | 'redemption', Pairs>>;
};

export type Measured = {
  readonly runs: readonly Alternation[];
  readonly cold: Readonly<Record<ReadName, Pairs>>;
  /** What "tessera check" said of each of the books that it found broken. */
  readonly broken: readonly string[];
};

const MOST_RATIO = 1.3;
const kinds = ['balance', 'history', 'deep_history', 'redemption'] as const;

const sideOf = (pairs: Pairs, side: keyof Pair): number[] => pairs.map((pair) => pair[side]);

/** The medians of one alternation. */
const middle = (pairs: Pairs): Pair => ({ small: median(sideOf(pairs, 'small')), big: median(sideOf(pairs, 'big')) });

/** Medians of some pairs; of the ratio the median too. */
const figureOf = (pairs: Pairs): Figure => ({
  value: median(sideOf(pairs, 'big')),
  unit: 'ms',
  yardstick: median(sideOf(pairs, 'small')),
  ratio: median(pairs.map(({ small, big }) => big / small)),
});

function tailOf(pairs: Pairs): Figure {
  const [value, yardstick] = [percentile(sideOf(pairs, 'big'), 0.99), percentile(sideOf(pairs, 'small'), 0.99)];
  return { value, unit: 'ms', yardstick, ratio: value / yardstick };
}

/** The figures of the bench. */
export function figuresOf({ runs, cold, broken }: Measured): Record<string, Figure> {
  const figures: Record<string, Figure> = {};
  for (const kind of kinds) {
    const each = runs.map(({ pairs }) => pairs[kind]);
    figures[kind] = { ...figureOf(each.map(middle)), target: MOST_RATIO };
    figures[`${kind}_p99`] = { ...tailOf(each.flat()), target: MOST_RATIO };
  }
  for (const [kind, pairs] of Object.entries(cold)) figures[`cold_${kind}`] = figureOf(pairs);
  return { ...figures, books_broken: { value: broken.length, unit: 'books', target: 0 } };
}
