import type { Look } from '../../soak/watch.ts';
import { element, escaped, picture, tokens, words } from './svg.ts';

const LEFT = 64;
const TOP = 64;
const WIDE = 720;
const HIGH = 320;
const RIGHT = 150;
const COLOURS = [tokens.verdigris, tokens.terracotta, tokens.gold, tokens.ink, tokens.wine, tokens.soft] as const;
/** Two names at the right edge stand at least this far apart. */
const APART = 16;

/** Resident memory of every process over a soak: each life of a process is a line of its own. */
export function drawMemory(looks: readonly Look[]): string {
  const names = [...new Set(looks.map(({ name }) => name))];
  const end = Math.max(1, ...looks.map(({ seconds }) => seconds));
  const most = Math.ceil(Math.max(1, ...looks.map(({ residentMb }) => residentMb)) / 50) * 50;
  const x = (seconds: number): number => LEFT + (seconds / end) * WIDE;
  const y = (mb: number): number => TOP + HIGH - (mb / most) * HIGH;
  const levels = Array.from({ length: most / 50 + 1 }, (_, index) => index * 50).map(
    (mb) =>
      element('line', { x1: LEFT, x2: LEFT + WIDE, y1: y(mb), y2: y(mb), stroke: tokens.rule }) +
      words(String(mb), LEFT - 8, y(mb) + 4, { 'text-anchor': 'end', fill: tokens.soft }),
  );
  const minutes = Array.from({ length: 7 }, (_, index) => (index * end) / 6).map((seconds) =>
    words(String(Math.round(seconds / 60)), x(seconds), TOP + HIGH + 20, {
      'text-anchor': 'middle',
      fill: tokens.soft,
    }),
  );
  const lines = names.flatMap((name, index) => {
    const stroke = COLOURS[index % COLOURS.length] ?? tokens.ink;
    const own = looks.filter((look) => look.name === name);
    return [...new Set(own.map(({ pid }) => pid))].map((pid) => {
      const points = own
        .filter((look) => look.pid === pid)
        .map((look) => `${x(look.seconds).toFixed(1)},${y(look.residentMb).toFixed(1)}`);
      return element(
        'polyline',
        { points: points.join(' '), fill: 'none', stroke, 'stroke-width': 1.6, 'stroke-linejoin': 'round' },
        `<title>${escaped(name)}</title>`,
      );
    });
  });
  const ends = names
    .map((name, index) => ({ name, index, at: y(looks.filter((look) => look.name === name).at(-1)?.residentMb ?? 0) }))
    .sort((a, b) => a.at - b.at);
  let lowest = -APART;
  const labels = ends.map(({ name, index, at }) => {
    lowest = Math.max(at, lowest + APART);
    return words(name, LEFT + WIDE + 10, lowest + 4, { fill: COLOURS[index % COLOURS.length] ?? tokens.ink });
  });
  const last = names.map(
    (name) => `${name} ${String(Math.round(looks.filter((look) => look.name === name).at(-1)?.residentMb ?? 0))} MB`,
  );
  return picture(
    {
      width: LEFT + WIDE + RIGHT,
      height: TOP + HIGH + 56,
      title: 'Does memory grow while everything goes on failing?',
      description: `Resident memory of each process over ${String(Math.round(end / 60))} minutes; at the end: ${last.join(', ')}.`,
    },
    [
      ...levels,
      ...minutes,
      ...lines,
      ...labels,
      words('MB resident', 24, TOP - 8, { fill: tokens.soft }),
      words('minutes', LEFT + WIDE / 2, TOP + HIGH + 42, { 'text-anchor': 'middle', fill: tokens.soft }),
    ],
  );
}
