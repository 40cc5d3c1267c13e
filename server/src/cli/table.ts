/** Characters that take two columns in a terminal: CJK, full-width forms, Hangul, Kana. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;
/** Characters that take none: combining marks, directional marks. */
const NARROW = /[\p{Mn}\u200b-\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** How many terminal columns a text takes. */
export function displayWidth(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0) - (text.match(NARROW)?.length ?? 0);
}

export type Column<Row> = {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
  /** Numbers stand right. */
  readonly right?: boolean;
};

const cellText = (value: string | number | null | undefined): string =>
  value === null || value === undefined || value === '' ? '–' : String(value);

function pad(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? gap + text : text + gap;
}

/** Draws rows as a table for people; says so where there are none. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string {
  if (rows.length === 0) return none;
  const lines = [
    columns.map((column) => column.title.toUpperCase()),
    ...rows.map((row) => columns.map((column) => cellText(column.value(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.right === true))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Draws one thing as lines of `name  value`. */
export function facts(pairs: readonly (readonly [string, string | number | null | undefined])[]): string {
  const width = Math.max(...pairs.map(([name]) => displayWidth(name)));
  return pairs.map(([name, value]) => `${pad(name, width, false)}  ${cellText(value)}`).join('\n');
}

/** A time in ms since the epoch as people and sorting both like it: `2026-11-21 20:15:02Z`. */
export function timeText(timeMs: number | null | undefined): string {
  if (timeMs === null || timeMs === undefined) return '–';
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
