import type { SeededChance } from '../../simulate/seeded-chance.ts';

type Noise = (chance: SeededChance, frame: Buffer) => Buffer;

const MOST_PARTS = 8;
const LONG = 3_000;

const changed: Noise = (chance, frame) => {
  const copy = Buffer.from(frame);
  copy[chance.integer(copy.length)] = chance.integer(256);
  return copy;
};

/** What comes over a wire that hums, breaks, or has something else at its end. */
const noises: readonly Noise[] = [
  (chance) => Buffer.from(chance.bytes(chance.integer(60))),
  (_, frame) => frame,
  changed,
  changed,
  // A frame that breaks off, and one that has lost its head.
  (chance, frame) => frame.subarray(0, chance.integer(frame.length)),
  (chance, frame) => frame.subarray(chance.integer(frame.length)),
  (chance) => Buffer.alloc(chance.integer(40), chance.pick([0x00, 0x02, 0x03, 0x0a, 0x0d, 0x30, 0xff])),
  (chance) => Buffer.alloc(chance.integer(LONG), chance.pick(['x', '0A', '\u0002', '礼'])),
  () => Buffer.from('\r\n\r\n'),
  (chance) => Buffer.from(chance.pick(['礼物\r', 'a\u0000b\r', '{"a":1}\n', '\u202eabc\r', ' \r', '🎁\r'])),
  (chance) => Buffer.from('🎁').subarray(0, 1 + chance.integer(3)),
];

/** Some of it in a row; `frame` is a right one of the device, to be spoilt. */
export function serialNoise(chance: SeededChance, frame: Buffer): Buffer {
  const parts = Array.from({ length: 1 + chance.integer(MOST_PARTS) }, () => chance.pick(noises)(chance, frame));
  return Buffer.concat(parts);
}
