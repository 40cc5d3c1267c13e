import { surprises } from '../../faults/matrix/expectations.ts';
import type { Cell } from '../../faults/matrix/run-cell.ts';
import { legend, picture, tile, tints, tokens, words } from './svg.ts';

const looks: Readonly<Record<string, { readonly fill: string; readonly sign: string; readonly word: string }>> = {
  captured: { fill: tints.good, sign: '✓', word: 'gift and points' },
  released: { fill: tints.back, sign: '↩', word: 'points back' },
  refused: { fill: tints.back, sign: '↩', word: 'points back' },
  in_doubt: { fill: tints.doubt, sign: '?', word: 'in doubt until a count' },
  none: { fill: tints.none, sign: '·', word: 'nothing begun' },
};
const surprise = { fill: tints.bad, sign: '✗', word: 'not as expected' };

const LEFT = 168;
const TOP = 150;
const WIDE = 44;
const HIGH = 24;
const GAP = 3;

/** The failure matrix: a row a fault, a column a screen, a sign for how the redemption was settled. */
export function drawMatrix(cells: readonly Cell[]): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const places = [...new Set(cells.map(({ place }) => place))];
  const width = LEFT + places.length * (WIDE + GAP) + 40;
  const height = TOP + faults.length * (HIGH + GAP) + 56;
  const wrong = cells.filter((cell) => surprises(cell).length > 0).length;
  const columns = places.map((place, index) => {
    const x = LEFT + index * (WIDE + GAP) + WIDE / 2;
    return words(place, x, TOP - 10, { transform: `rotate(-45 ${String(x)} ${String(TOP - 10)})`, fill: tokens.soft });
  });
  const rows = faults.flatMap((fault, row) => {
    const y = TOP + row * (HIGH + GAP);
    const drawn = places.map((place, column) => {
      const cell = cells.find((each) => each.fault === fault && each.place === place);
      const at = { x: LEFT + column * (WIDE + GAP), y, width: WIDE, height: HIGH };
      if (!cell) return tile(at, { fill: tokens.ground, sign: '' }, 'not run');
      const look = surprises(cell).length > 0 ? surprise : (looks[cell.settlement] ?? surprise);
      return tile(at, look, `${fault} at ${place}: the member ends at ${cell.end}, ${look.word}`);
    });
    return [words(fault, LEFT - 12, y + HIGH / 2 + 4, { 'text-anchor': 'end' }), ...drawn];
  });
  const { captured, released, in_doubt: doubt, none } = looks;
  const entries = [captured, released, doubt, none, surprise].flatMap((entry) => (entry ? [entry] : []));
  return picture(
    {
      width,
      height,
      title: 'What becomes of a redemption when each thing breaks at each screen?',
      description: `${String(faults.length)} faults by ${String(places.length)} screens; ${String(wrong)} of ${String(cells.length)} cells are not as expected.`,
    },
    [...columns, ...rows, legend(entries, 24, height - 20)],
  );
}
