import type { Grid, Pair } from '../../simulate/coverage.ts';
import { legend, picture, tile, tints, tokens, words } from './svg.ts';

const LEFT = 168;
const WIDE = 40;
const HIGH = 20;
const GAP = 2;
const HEAD = 104;
const TOP = 62;

/** 950, 1.2k, 34k, 5.6M: what fits into a tile. */
export function brief(count: number): string {
  if (count < 1_000) return String(count);
  const [value, unit] = count < 1_000_000 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))}${unit}`;
}

/** From the palest to the deepest verdigris, by the number of digits. */
const SHADES = ['#E9F3F0', '#D5E9E4', '#B4D9D1', '#8FC6BB', '#63AEA1', '#3C9485', '#17675C'] as const;

function lookOf({ entered, never }: Pair): { readonly fill: string; readonly sign: string; readonly colour?: string } {
  if (entered === 0) return never === undefined ? { fill: tints.bad, sign: '!' } : { fill: tints.none, sign: '–' };
  const depth = Math.min(SHADES.length - 1, Math.floor(Math.log10(entered)));
  return {
    fill: SHADES[depth] ?? SHADES[0],
    sign: brief(entered),
    ...(depth >= SHADES.length - 2 ? { colour: tokens.white } : {}),
  };
}

function drawGrid({ name, pairs }: Grid, top: number): string[] {
  const rows = [...new Set(pairs.map(({ row }) => row))];
  const columns = [...new Set(pairs.map(({ column }) => column))];
  const head = columns.map((column, index) => {
    const x = LEFT + index * (WIDE + GAP) + WIDE / 2;
    return words(column, x, top + HEAD - 8, {
      transform: `rotate(-45 ${String(x)} ${String(top + HEAD - 8)})`,
      fill: tokens.soft,
      'font-size': 11,
    });
  });
  const tiles = pairs.map((pair) => {
    const x = LEFT + columns.indexOf(pair.column) * (WIDE + GAP);
    const y = top + HEAD + rows.indexOf(pair.row) * (HIGH + GAP);
    const why = pair.never === undefined ? 'never entered, for no written reason' : `cannot be: ${pair.never}`;
    const meaning = `${pair.row} × ${pair.column}: ${pair.entered > 0 ? `entered ${String(pair.entered)} times` : why}`;
    return tile({ x, y, width: WIDE, height: HIGH }, { ...lookOf(pair), size: 10 }, meaning);
  });
  const labels = rows.map((row, index) =>
    words(row, LEFT - 10, top + HEAD + index * (HIGH + GAP) + 14, { 'text-anchor': 'end' }),
  );
  return [words(name, 24, top + HEAD - 8, { 'font-weight': 600 }), ...head, ...labels, ...tiles];
}

const heightOf = ({ pairs }: Grid): number => HEAD + new Set(pairs.map(({ row }) => row)).size * (HIGH + GAP) + 18;

/** How often the simulation entered each pair: both machines, and what it did to a kiosk in each state. */
export function drawCoverage(grids: readonly Grid[]): string {
  const columns = Math.max(...grids.map(({ pairs }) => new Set(pairs.map(({ column }) => column)).size));
  const width = LEFT + columns * (WIDE + GAP) + 60;
  const tops = grids.map((_, index) => grids.slice(0, index).reduce((top, grid) => top + heightOf(grid), TOP));
  const height = grids.reduce((top, grid) => top + heightOf(grid), TOP) + 44;
  const all = grids.flatMap(({ pairs }) => pairs);
  const uncovered = all.filter(({ entered, never }) => entered === 0 && never === undefined).length;
  return picture(
    {
      width,
      height,
      title: 'What has the simulation met, and how often?',
      description: `${String(all.length)} pairs of state and event, and of fault and state: ${String(all.filter(({ entered }) => entered > 0).length)} were entered, ${String(uncovered)} never for no written reason.`,
    },
    [
      ...grids.flatMap((grid, index) => drawGrid(grid, tops[index] ?? TOP)),
      legend(
        [
          { fill: SHADES[1], sign: '9', word: 'entered so often (deeper is more)' },
          { fill: tints.none, sign: '–', word: 'cannot be, for a written reason' },
          { fill: tints.bad, sign: '!', word: 'never entered' },
        ],
        24,
        height - 18,
      ),
    ],
  );
}
