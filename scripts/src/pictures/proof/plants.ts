import type { Hunt } from '../../simulate/plants/hunt.ts';
import { element, escaped, picture, tokens, words } from './svg.ts';

const LEFT = 210;
const TOP = 70;
const HIGH = 20;
const GAP = 5;
const LONG = 560;
const DECADES = [1, 10, 100, 1_000, 10_000] as const;

/** After how many redemptions each planted bug was caught, on a scale of tens; `most` is the bound. */
export function drawPlants(hunts: readonly Hunt[], most: number): string {
  const sorted = [...hunts].sort((a, b) => a.redemptions - b.redemptions);
  const at = (redemptions: number): number => LEFT + (Math.log10(Math.max(1, redemptions)) / Math.log10(most)) * LONG;
  const bottom = TOP + sorted.length * (HIGH + GAP);
  const height = bottom + 56;
  const lines = [...DECADES, most].map((value) => {
    const [x, isBound] = [at(value), value === most];
    const line = element('line', {
      x1: x,
      x2: x,
      y1: TOP - 6,
      y2: bottom,
      stroke: isBound ? tokens.wine : tokens.rule,
    });
    const label = isBound ? `${value.toLocaleString('en')} at most` : value.toLocaleString('en');
    return line + words(label, x, bottom + 18, { 'text-anchor': 'middle', fill: isBound ? tokens.wine : tokens.soft });
  });
  const bars = sorted.map(({ name, about, redemptions, caughtBy }, index) => {
    const y = TOP + index * (HIGH + GAP);
    const caught = caughtBy !== undefined;
    const bar = element('rect', {
      x: LEFT,
      y,
      width: Math.max(2, at(redemptions) - LEFT),
      height: HIGH,
      rx: 3,
      fill: caught ? tokens.verdigris : tokens.wine,
    });
    const found = caught ? redemptions.toLocaleString('en') : 'not caught';
    const title = `<title>${escaped(`${about} ${caught ? `Caught after ${found} redemptions.` : 'Not caught.'}`)}</title>`;
    return element(
      'g',
      { role: 'presentation' },
      title +
        words(name, LEFT - 10, y + 14, { 'text-anchor': 'end' }) +
        bar +
        words(found, at(redemptions) + 8, y + 14),
    );
  });
  const missed = hunts.filter(({ caughtBy }) => caughtBy === undefined).length;
  const slowest = sorted.at(-1);
  return picture(
    {
      width: LEFT + LONG + 120,
      height,
      title: 'How soon does the simulation catch a bug that was put in?',
      description: `${String(hunts.length)} planted bugs, ${String(missed)} not caught; the slowest, ${slowest?.name ?? 'none'}, after ${String(slowest?.redemptions ?? 0)} redemptions.`,
    },
    [...lines, ...bars, words('redemptions until a promise broke', LEFT, bottom + 40, { fill: tokens.soft })],
  );
}
