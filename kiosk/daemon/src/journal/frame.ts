import { hash as digest } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * One record on disk:
 *   length of the body (u32) · CRC-32 of the body (u32) · CRC-32 of these eight bytes (u32)
 *   body = sequence (u64) · SHA-256 of the previous body (32 bytes) · JSON text
 * The header has a check of its own, so that a wrong length in the middle is not mistaken for a torn tail.
 */
const HEADER = 12;
const PREFIX = 40;

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);

export type Position = { readonly seq: number; readonly hash: string };

/** Lays one record after `previous`; answers its bytes and where the journal stands with it. */
export function encodeFrame(previous: Position, json: unknown): { bytes: Buffer; head: Position } {
  const text = Buffer.from(JSON.stringify(json));
  const bytes = Buffer.allocUnsafe(HEADER + PREFIX + text.length);
  const body = bytes.subarray(HEADER);
  const seq = previous.seq + 1;
  body.writeBigUInt64BE(BigInt(seq), 0);
  body.write(previous.hash, 8, 'hex');
  text.copy(body, PREFIX);
  bytes.writeUInt32BE(body.length, 0);
  bytes.writeUInt32BE(crc32(body), 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return { bytes, head: { seq, hash: digest('sha256', body, 'hex') } };
}

/** What stands at one place of the file. `bad_last` fills the rest of the file exactly; `damaged` is anything else unreadable. */
export type Frame =
  | {
      readonly kind: 'record';
      readonly seq: number;
      readonly prev: string;
      readonly hash: string;
      readonly json: unknown;
      readonly end: number;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'torn' }
  | { readonly kind: 'bad_last' }
  | { readonly kind: 'damaged' };

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Reads the frame at `offset` and says what it is. */
export function decodeFrame(file: Buffer, offset: number): Frame {
  const rest = file.subarray(offset);
  if (rest.length === 0) return { kind: 'end' };
  if (rest.length < HEADER || isZero(rest)) return { kind: 'torn' };
  const length = rest.readUInt32BE(0);
  if (crc32(rest.subarray(0, 8)) !== rest.readUInt32BE(8)) return badHeader(rest, length);
  if (rest.length < HEADER + length) return { kind: 'torn' };
  const body = rest.subarray(HEADER, HEADER + length);
  if (crc32(body) !== rest.readUInt32BE(4)) return badBody(rest, body);
  return readBody(body, offset + HEADER + length);
}

/**
 * A wrong header is the last record's only where the rest of the file fits it, or is zeros: a write that a power cut ended
 * within the header. Otherwise nobody knows where the next one starts.
 */
function badHeader(rest: Buffer, length: number): Frame {
  const body = rest.subarray(HEADER);
  const isLast = length === body.length || isZero(body) || crc32(body) === rest.readUInt32BE(4);
  return { kind: isLast ? 'bad_last' : 'damaged' };
}

/** Zeros behind it are records of the same write that never arrived. */
function badBody(rest: Buffer, body: Buffer): Frame {
  if (!isZero(rest.subarray(HEADER + body.length))) return { kind: 'damaged' };
  return { kind: isZero(body) ? 'torn' : 'bad_last' };
}

function readBody(body: Buffer, end: number): Frame {
  try {
    // A body that ends within its prefix has no text, and no text is no JSON.
    const json: unknown = JSON.parse(body.toString('utf8', PREFIX));
    const seq = Number(body.readBigUInt64BE(0));
    const hash = digest('sha256', body, 'hex');
    return { kind: 'record', seq, prev: body.toString('hex', 8, PREFIX), hash, json, end };
  } catch {
    return { kind: 'damaged' };
  }
}
