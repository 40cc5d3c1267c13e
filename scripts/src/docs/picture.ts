/** The README's picture: one redemption travels from the tap to the tray, in lanes. Colours are the house's tokens. */
const ink = '#1E2430';
const soft = '#5A6072';
const ground = '#FBF7EF';
const colours = { step: '#FFFFFF', durable: '#F3E3C3', physical: '#F6D9CE', books: '#D5E9E4' } as const;

const lanes = ['member', 'screen', 'daemon', 'guard', 'cabinet', 'server'] as const;
type Lane = (typeof lanes)[number];

type Tile = {
  readonly lane: Lane;
  readonly column: number;
  readonly kind: keyof typeof colours;
  readonly lines: readonly string[];
};

const tiles: readonly Tile[] = [
  { lane: 'member', column: 0, kind: 'step', lines: ['scans, chooses,', 'confirms'] },
  { lane: 'screen', column: 1, kind: 'step', lines: ['sends the tap'] },
  { lane: 'daemon', column: 2, kind: 'durable', lines: ['journal: requested', 'fsync'] },
  { lane: 'server', column: 3, kind: 'books', lines: ['holds points and', 'one unit, atomically'] },
  { lane: 'daemon', column: 4, kind: 'durable', lines: ['journal: vending', 'fsync, then once:'] },
  { lane: 'guard', column: 5, kind: 'physical', lines: ['drives one motor,', 'bounded in time'] },
  { lane: 'cabinet', column: 6, kind: 'physical', lines: ['spiral turns,', 'the beam sees a drop'] },
  { lane: 'daemon', column: 7, kind: 'durable', lines: ['journal: dropped', 'fsync'] },
  { lane: 'server', column: 8, kind: 'books', lines: ['captures: points', 'and stock agree'] },
  { lane: 'member', column: 8, kind: 'step', lines: ['takes the gift'] },
];

const LANE = 74;
const COLUMN = 118;
const LEFT = 84;
const TOP = 20;
const WIDTH = 136;
const HEIGHT = 46;

const x = (tile: Tile): number => LEFT + tile.column * COLUMN;
const y = (tile: Tile): number => TOP + lanes.indexOf(tile.lane) * LANE + (LANE - HEIGHT) / 2;

function drawTile(tile: Tile): string {
  const first = y(tile) + HEIGHT / 2 + (tile.lines.length === 1 ? 4 : -4);
  const words = tile.lines.map(
    (line, index) =>
      `<text x="${String(x(tile) + WIDTH / 2)}" y="${String(first + index * 15)}" text-anchor="middle">${line}</text>`,
  );
  const at = `x="${String(x(tile))}" y="${String(y(tile))}" width="${String(WIDTH)}" height="${String(HEIGHT)}"`;
  return `<rect ${at} rx="8" fill="${colours[tile.kind]}" stroke="${soft}"/>${words.join('')}`;
}

/** From the middle of one tile's edge to the next tile's nearer edge. */
function drawArrow(from: Tile, to: Tile): string {
  const down = y(to) > y(from);
  const startX = x(from) + WIDTH * 0.7;
  const startY = down ? y(from) + HEIGHT : y(from);
  const endX = x(to) + WIDTH * 0.3;
  const endY = down ? y(to) : y(to) + HEIGHT;
  const path = `M${String(startX)} ${String(startY)}C${String(startX)} ${String((startY + endY) / 2)} ${String(endX)} ${String((startY + endY) / 2)} ${String(endX)} ${String(endY)}`;
  return `<path d="${path}" fill="none" stroke="${ink}" stroke-width="1.5" marker-end="url(#tip)"/>`;
}

function drawLane(lane: Lane, index: number, width: number): string {
  const top = TOP + index * LANE;
  const line = `<line x1="12" x2="${String(width - 12)}" y1="${String(top + LANE)}" y2="${String(top + LANE)}" stroke="#E4DBCB"/>`;
  return `${index < lanes.length - 1 ? line : ''}<text x="16" y="${String(top + LANE / 2 + 4)}" fill="${soft}">${lane}</text>`;
}

/** The whole picture as an SVG text. */
export function drawOneRedemption(): string {
  const width = LEFT + 8 * COLUMN + WIDTH + 20;
  const height = TOP * 2 + lanes.length * LANE;
  const steps = tiles.slice(0, 9);
  const arrows = steps.slice(1).map((tile, index) => drawArrow(steps[index] ?? tile, tile));
  const [take] = tiles.slice(9);
  const drop = steps[6];
  const fall = take && drop ? drawArrow(drop, take) : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="system-ui, sans-serif" font-size="12.5" fill="${ink}" role="img">`,
    '<title>One redemption: from the tap to the tray, each promise written down before it is acted on</title>',
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${ink}"/></marker></defs>`,
    `<rect width="100%" height="100%" rx="12" fill="${ground}"/>`,
    ...lanes.map((lane, index) => drawLane(lane, index, width)),
    ...arrows,
    fall,
    ...tiles.map(drawTile),
    '</svg>',
    '',
  ].join('\n');
}
