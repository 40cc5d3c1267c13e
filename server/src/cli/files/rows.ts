import type { ExportFormat } from '../../features/exchange-files/names.ts';

const LINE_FEED = 10;
const QUOTE = 34;

/** Counts the rows of a file as its bytes go by. In CSV a line feed between quotes ends no row, and the header is none. */
export class RowCounter {
  readonly #isCsv: boolean;
  #lines = 0;
  #inQuotes = false;

  constructor(format: ExportFormat) {
    this.#isCsv = format === 'csv';
  }

  get rows(): number {
    return Math.max(0, this.#isCsv ? this.#lines - 1 : this.#lines);
  }

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE && this.#isCsv) this.#inQuotes = !this.#inQuotes;
      else if (byte === LINE_FEED && !this.#inQuotes) this.#lines += 1;
    }
  }
}
