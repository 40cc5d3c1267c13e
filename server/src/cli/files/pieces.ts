import { createReadStream } from 'node:fs';

/** Some lines of a file, with the number of the first. */
export interface Piece {
  readonly from: number;
  readonly lines: number;
  readonly bytes: Buffer;
}

/** A piece is sent once it has so many bytes; the server takes four times that. */
const PIECE_BYTES = 256 * 1024;
const LINE_FEED = 10;

/**
 * Cuts a file into pieces of whole lines, the last of which may lack its line feed. Only a piece is in memory.
 * @param after lines at the beginning that are left out
 * @throws what reading the file throws
 */
export async function* piecesOf(file: string, after: number): AsyncGenerator<Piece> {
  const waiting = new Waiting(after);
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      waiting.add(chunk.subarray(start, end + 1), true);
      start = end + 1;
      if (waiting.bytes >= PIECE_BYTES) yield waiting.piece();
    }
    waiting.add(chunk.subarray(start), false);
  }
  waiting.end();
  if (waiting.bytes > 0) yield waiting.piece();
}

/** Lines that wait to become a piece. */
class Waiting {
  #skip: number;
  #from: number;
  #lines = 0;
  #parts: Buffer[] = [];
  #open = false;
  bytes = 0;

  constructor(after: number) {
    this.#skip = after;
    this.#from = after + 1;
  }

  add(part: Buffer, endsLine: boolean): void {
    if (part.length === 0) return;
    if (this.#skip > 0) {
      if (endsLine) this.#skip -= 1;
      return;
    }
    this.#parts.push(part);
    this.bytes += part.length;
    this.#open = !endsLine;
    if (endsLine) this.#lines += 1;
  }

  /** A last line without a line feed is a line. */
  end(): void {
    if (this.#open) this.#lines += 1;
    this.#open = false;
  }

  piece(): Piece {
    const piece = { from: this.#from, lines: this.#lines, bytes: Buffer.concat(this.#parts) };
    this.#from += this.#lines;
    this.#lines = 0;
    this.#parts = [];
    this.bytes = 0;
    return piece;
  }
}
