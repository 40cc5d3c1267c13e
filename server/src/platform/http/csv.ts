/** What a cell may hold. */
export type Cell = string | number | boolean | null;

/**
 * What a spreadsheet would take for a formula and run (OWASP: CSV injection), half-width or full-width. A text that begins
 * with an apostrophe is among them, so that whoever takes the first apostrophe of a cell away has the text again.
 */
const FORMULA = /^['=+\-@\t\r\n＝＋－＠]/;

/** A cell of CSV (RFC 4180). A text that looks like a formula has an apostrophe before it; an empty one stands in quotes, nothing without. */
export function csvCell(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of CSV with its end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
