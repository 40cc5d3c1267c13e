import { StringDecoder } from 'node:string_decoder';

/** No message on our Unix sockets is longer than this, in characters. */
const MAX_LINE_LENGTH = 65_536;

/** One line of the stream: a JSON value, or why it is none. After `too_large` the rest of that line is skipped. */
export type LineRead =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'malformed' } | { readonly kind: 'too_large' };

/** One message as it travels. */
export const encodeLine = (message: unknown): string => `${JSON.stringify(message)}\n`;

/** Cuts a byte stream into lines of JSON, whatever the chunks; empty lines are ignored. */
export class JsonLineDecoder {
  readonly #text = new StringDecoder('utf8');
  readonly #maxLength: number;
  #rest = '';
  #skipping = false;

  constructor(maxLength: number = MAX_LINE_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** Takes the next bytes and gives the lines that they completed. */
  push(chunk: Uint8Array): LineRead[] {
    const pieces = (this.#rest + this.#text.write(Buffer.from(chunk))).split('\n');
    const last = pieces.pop() ?? '';
    const reads: LineRead[] = [];
    for (const piece of pieces) {
      if (this.#skipping) this.#skipping = false;
      else if (piece.length > this.#maxLength) reads.push({ kind: 'too_large' });
      else if (piece.trim() !== '') reads.push(readJson(piece));
    }
    this.#rest = last;
    if (last.length > this.#maxLength) {
      if (!this.#skipping) reads.push({ kind: 'too_large' });
      this.#skipping = true;
    }
    if (this.#skipping) this.#rest = '';
    return reads;
  }
}

function readJson(text: string): LineRead {
  try {
    return { kind: 'value', value: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'malformed' };
  }
}
