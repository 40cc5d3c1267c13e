const CR = 0x0d;
const LF = 0x0a;

/** Longer than any code that a scanner reads for us, in bytes. */
export const LONGEST_SCAN = 1_000;

/**
 * Cuts a scanner's bytes into texts at CR, LF or CRLF, whatever the pieces. Texts that are too long, not UTF-8, or hold
 * control characters are refused and counted.
 */
export class LineFramer {
  #rest: number[] = [];
  #overlong = false;
  #refused = 0;

  /** Stretches of bytes that were no text. */
  get refused(): number {
    return this.#refused;
  }

  /** A text has begun and not ended. */
  get waiting(): boolean {
    return this.#rest.length > 0 || this.#overlong;
  }

  /** Takes the next bytes and gives the texts that they ended. */
  push(chunk: Uint8Array): string[] {
    const texts: string[] = [];
    for (const byte of chunk) {
      if (byte === CR || byte === LF) texts.push(...this.flush());
      else if (this.#rest.length < LONGEST_SCAN) this.#rest.push(byte);
      else this.#overlong = true;
    }
    return texts;
  }

  /** The wire has been still: what has come is the whole text. */
  flush(): string[] {
    if (!this.waiting) return [];
    const text = this.#overlong ? undefined : decode(Uint8Array.from(this.#rest));
    this.#rest = [];
    this.#overlong = false;
    if (text !== undefined) return [text];
    this.#refused += 1;
    return [];
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);

    return /[\x00-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
