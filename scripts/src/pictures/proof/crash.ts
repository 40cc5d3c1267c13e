import type { CaseResult } from '../../faults/crash/run-case.ts';
import { legend, picture, tile, tints, tokens, words } from './svg.ts';

type Look = { readonly fill: string; readonly sign: string; readonly word: string };

const settled: Look = { fill: tints.good, sign: '✓', word: 'settled' };
const doubtful: Look = { fill: tints.doubt, sign: '?', word: 'in doubt until a count' };
const unreached: Look = { fill: tints.none, sign: '·', word: 'died nowhere' };
const broken: Look = { fill: tints.bad, sign: '✗', word: 'a promise broken' };

function lookOf({ fired, violations, ends }: CaseResult): Look {
  if (violations.length > 0) return broken;
  if (!fired) return unreached;
  return ends.includes('in_doubt') ? doubtful : settled;
}

const TOP = 64;
const HIGH = 15;
const SIGN = 14;
const NAME = 322;
const SHORTEN = 56;
const MARGIN = 24;
const ROWS = 66;

/** The crash grid: a row a case, a tile a kill, in as many columns as it takes. */
export function drawCrashes(results: readonly CaseResult[]): string {
  const names = [...new Set(results.map(({ name }) => name))];
  const kills = Math.max(...names.map((name) => results.filter((each) => each.name === name).length));
  const column = NAME + kills * SIGN + 20;
  const columns = Math.ceil(names.length / ROWS);
  const rows = Math.ceil(names.length / columns);
  const width = MARGIN * 2 + columns * column;
  const height = TOP + rows * HIGH + 52;
  const drawn = names.flatMap((name, index) => {
    const x = MARGIN + Math.floor(index / rows) * column;
    const y = TOP + (index % rows) * HIGH;
    const short = name.length > SHORTEN ? `${name.slice(0, SHORTEN - 1)}…` : name;
    const tiles = results
      .filter((each) => each.name === name)
      .map((result, kill) => {
        const look = lookOf(result);
        const at = { x: x + NAME + kill * SIGN, y, width: SIGN - 2, height: HIGH - 2 };
        return tile(at, { ...look, size: 9 }, `${name}: ${[look.word, ...result.violations].join('; ')}`);
      });
    return [words(short, x, y + 10, { 'font-size': 10, fill: tokens.ink }), ...tiles];
  });
  const [red, blank] = [broken, unreached].map((look) => results.filter((each) => lookOf(each) === look).length);
  return picture(
    {
      width,
      height,
      title: 'Which kill of a real process breaks a promise?',
      description: `${String(names.length)} cases, ${String(results.length)} kills: ${String(red)} broke a promise, ${String(blank)} met nothing to kill.`,
    },
    [...drawn, legend([settled, doubtful, unreached, broken], MARGIN, height - 18)],
  );
}
