const START = 0x02;
const END = 0x03;
/** Start, ten hex digits, two of checksum, end. */
const FRAME_BYTES = 14;

/** XOR of the card's five bytes. */
const checksum = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

/** The frame of a card with a UID of ten hex digits. */
export function rdm6300Frame(uid: string): Buffer {
  const digits = uid.toUpperCase();
  const sum = hex(checksum(Buffer.from(digits, 'hex')));
  return Buffer.concat([Buffer.of(START), Buffer.from(digits + sum, 'ascii'), Buffer.of(END)]);
}

/** Reads RDM6300 frames from bytes that come in any pieces, with any garbage between; what is no frame is counted. */
export class Rdm6300Parser {
  #rest = Buffer.alloc(0);
  #refused = 0;

  /** Stretches of bytes that were no frame, or had a wrong checksum. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes the next bytes and gives the UIDs, ten hex digits each, of the frames that they completed. */
  push(chunk: Uint8Array): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const uids: string[] = [];
    for (;;) {
      const start = this.#rest.indexOf(START);
      if (start !== 0 && this.#rest.length > 0) this.#refused += 1;
      this.#rest = start < 0 ? Buffer.alloc(0) : this.#rest.subarray(start);
      if (this.#rest.length < FRAME_BYTES) {
        if (!this.#brokenOff()) return uids;
        continue;
      }
      const uid = readFrame(this.#rest.subarray(0, FRAME_BYTES));
      if (uid === undefined) this.#dropStart();
      else {
        uids.push(uid);
        this.#rest = this.#rest.subarray(FRAME_BYTES);
      }
    }
  }

  /** The wire has been still: what is left will never be a frame. */
  reset(): void {
    if (this.#rest.length > 0) this.#refused += 1;
    this.#rest = Buffer.alloc(0);
  }

  /** A short rest in which another start shows up: the frame before it broke off. */
  #brokenOff(): boolean {
    if (this.#rest.indexOf(START, 1) < 0) return false;
    this.#dropStart();
    return true;
  }

  #dropStart(): void {
    this.#refused += 1;
    const next = this.#rest.indexOf(START, 1);
    this.#rest = next < 0 ? Buffer.alloc(0) : this.#rest.subarray(next);
  }
}

function readFrame(frame: Buffer): string | undefined {
  const text = frame.toString('latin1', 1, FRAME_BYTES - 1);
  if (frame[FRAME_BYTES - 1] !== END || !/^[0-9A-Fa-f]{12}$/.test(text)) return undefined;
  const uid = text.slice(0, 10).toUpperCase();
  return hex(checksum(Buffer.from(uid, 'hex'))) === text.slice(10).toUpperCase() ? uid : undefined;
}
