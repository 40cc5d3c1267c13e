/** What a printer says of itself; `silent` where it never answers, as many cheap ones do. */
export type PrinterState = 'ready' | 'offline' | 'cover_open' | 'paper_out' | 'error' | 'silent';

/** Asks for status byte n: 1 printer, 2 why it is offline. */
export const askStatus = (n: 1 | 2): Uint8Array => Uint8Array.of(0x10, 0x04, n);

/** Fixed bits of every status byte; a byte without them is not one. */
const FIXED_MASK = 0x93;
const FIXED = 0x12;

export const isStatusByte = (byte: number): boolean => (byte & FIXED_MASK) === FIXED;

/** What the two status bytes mean together. */
export function readStatus(printer: number, cause: number): PrinterState {
  if ((cause & 0x04) !== 0) return 'cover_open';
  if ((cause & 0x20) !== 0) return 'paper_out';
  if ((cause & 0x40) !== 0) return 'error';
  return (printer & 0x08) === 0 ? 'ready' : 'offline';
}

/** The bytes of a receipt: reset, the lines, room to tear, and a partial cut. Control characters in a line are left out. */
export function receiptBytes(lines: readonly string[]): Uint8Array {
  const text = lines.map((line) => `${line.replace(/[\x00-\x1f\x7f]/g, '')}\n`).join('');
  const reset = [0x1b, 0x40];
  const feedAndCut = [0x0a, 0x0a, 0x0a, 0x1d, 0x56, 0x01];
  return Buffer.concat([Buffer.from(reset), Buffer.from(text, 'utf8'), Buffer.from(feedAndCut)]);
}
