import { encodeFrame, decodeFrame, GENESIS, type Position } from '@tessera/kiosk-daemon/journal/frame';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { Story } from './journal-story.ts';

type Damage = (story: Story, chance: SeededChance) => Buffer;

const MOST_FLIPS = 6;
const MOST_NOISE = 400;

const noise = (chance: SeededChance): Buffer => Buffer.from(chance.bytes(chance.integer(MOST_NOISE)));
export const framesOf = ({ bytes, ends }: Pick<Story, 'bytes' | 'ends'>): Buffer[] =>
  ends.map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));

/** What happens to a file between two starts, and what somebody might do to it. */
export const damages: Readonly<Record<string, Damage>> = {
  nothing: ({ bytes }) => bytes,
  noise: (_, chance) => noise(chance),
  cut: ({ bytes }, chance) => bytes.subarray(0, chance.integer(bytes.length)),
  beheaded: ({ bytes }, chance) => bytes.subarray(chance.integer(bytes.length)),
  flipped({ bytes }, chance) {
    const copy = Buffer.from(bytes);
    for (let left = 1 + chance.integer(MOST_FLIPS); left > 0; left -= 1) {
      const at = chance.integer(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << chance.integer(8));
    }
    return copy;
  },
  zeroed({ bytes }, chance) {
    const copy = Buffer.from(bytes);
    const from = chance.integer(copy.length);
    return copy.fill(0, from, chance.happens(0.5) ? copy.length : from + chance.integer(copy.length - from));
  },
  continued: ({ bytes }, chance) => Buffer.concat([bytes, chance.happens(0.5) ? noise(chance) : Buffer.alloc(40)]),
  repeated(story, chance) {
    const frames = framesOf(story);
    return Buffer.concat(frames.toSpliced(chance.integer(frames.length), 0, chance.pick(frames)));
  },
  missing(story, chance) {
    const frames = framesOf(story);
    return Buffer.concat(frames.toSpliced(chance.integer(frames.length), 1));
  },
  spliced(story, chance) {
    const frames = framesOf(story);
    const [one, two] = [chance.integer(frames.length), chance.integer(frames.length)];
    return Buffer.concat([...frames.slice(0, one), noise(chance), ...frames.slice(two)]);
  },
};

/** Lays records after the first of a story's, with right checks and a right chain: what only a program can have written. */
export function sealed({ bytes, ends }: Story, kept: number, records: readonly unknown[]): Buffer {
  let head: Position = { seq: 0, hash: GENESIS };
  for (let at = 0; at < kept; at += 1) {
    const frame = decodeFrame(bytes, at === 0 ? 0 : (ends[at - 1] ?? 0));
    if (frame.kind === 'record') head = frame;
  }
  const parts = [bytes.subarray(0, kept === 0 ? 0 : ends[kept - 1])];
  for (const record of records) {
    const frame = encodeFrame(head, record);
    head = frame.head;
    parts.push(frame.bytes);
  }
  return Buffer.concat(parts);
}
