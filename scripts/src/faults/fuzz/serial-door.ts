import { rdm6300Reader } from '@tessera/hardware/devices/card-reader';
import { serialScanner } from '@tessera/hardware/devices/scanner';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { LONGEST_SCAN } from '@tessera/hardware/serial/line-framer';
import { rdm6300Frame } from '@tessera/hardware/serial/rdm6300';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import { VirtualTime } from '../../simulate/virtual-time.ts';
import { heldBy } from './held.ts';
import { serialNoise } from './serial-noise.ts';
import { FakeWire } from './fake-wire.ts';
import type { Visit } from './visit.ts';

const SILENCE_MS = 5_000;
/** What a reader may keep of a stretch that never ends. */
const MOST_KEPT_BYTES = 1_000_000;
const ENDLESS_BYTES = 8_000_000;

const newUid = (chance: SeededChance): string => Buffer.from(chance.bytes(5)).toString('hex').toUpperCase();

const kinds = {
  scanner: {
    open: serialScanner,
    right: (chance: SeededChance) => `T1.${Buffer.from(chance.bytes(12)).toString('base64url')}`,
    frame: (text: string) => Buffer.from(`${text}\r`),
    /** What ends whatever was under way. */
    end: Buffer.of(0x0d),
    said: (text: string, all: Buffer) =>
      Buffer.byteLength(text) <= LONGEST_SCAN && !/[\x00-\x1f\x7f]/.test(text) && all.includes(text),
    endless: 'x',
  },
  reader: {
    open: rdm6300Reader,
    right: newUid,
    frame: rdm6300Frame,
    end: Buffer.alloc(0),
    said: (text: string, all: Buffer) =>
      all.toString('latin1').toUpperCase().includes(rdm6300Frame(text).toString('latin1')),
    endless: '\u0002A',
  },
} as const;
type Kind = keyof typeof kinds;

/** The wires of scanner and card reader: garbage is nothing, and after it a right frame is read as ever. */
export async function serialDoor(visit: Visit): Promise<void> {
  for (const kind of Object.keys(kinds) as Kind[]) await endless(kind, visit);
  while (visit.next()) await ask(visit.chance.pick(Object.keys(kinds) as Kind[]), visit);
}

/** A device on a wire of its own; `read` is what it has said. */
async function plug(kind: Kind): Promise<{ time: VirtualTime; wire: FakeWire; read: string[]; close: () => void }> {
  const time = new VirtualTime(0);
  const wire = new FakeWire();
  const read: string[] = [];
  const timeouts = deviceTimeouts;
  const device = kinds[kind].open({ path: '/dev/it', ports: wire, clock: time.clock(), scheduler: time, timeouts });
  device.onRead((text) => read.push(text));
  await time.finish(time.sleep(1));
  return { time, wire, read, close: () => device.close() };
}

async function ask(kind: Kind, { chance, findings, heard }: Visit): Promise<void> {
  const { frame, right, end, said } = kinds[kind];
  const { time, wire, read, close } = await plug(kind);
  const noise = serialNoise(chance, frame(right(chance)));
  const about = { kind, noise: noise.toString('latin1') };
  try {
    for (const piece of piecesOf(noise, chance)) {
      wire.say(piece);
      if (chance.happens(0.05)) await time.finish(time.sleep(chance.integer(2 * deviceTimeouts.interByteMs)));
    }
    if (chance.happens(0.5)) await time.finish(time.sleep(SILENCE_MS));
    else wire.say(end);
    for (const text of read) if (!said(text, noise)) findings.add('read what was never said', { text, about });
    const wanted = right(chance);
    for (const piece of piecesOf(frame(wanted), chance)) wire.say(piece);
    heard(`${kind} read ${String(Math.min(read.length, 4))}`);
    if (read.at(-1) !== wanted) findings.add('a right frame was not read', { wanted, read, about });
  } catch (error) {
    findings.add('bytes brought the reader down', { error: String(error), about });
  } finally {
    close();
  }
}

/** The same bytes as a driver might hand them over. */
function piecesOf(bytes: Buffer, chance: SeededChance): Buffer[] {
  const pieces: Buffer[] = [];
  const longest = chance.pick([1, 3, 20, 4_096]);
  for (let at = 0; at < bytes.length;) {
    const length = 1 + chance.integer(longest);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** A line that never ends must not fill the memory of a small computer. */
async function endless(kind: Kind, { findings, heard }: Visit): Promise<void> {
  const { wire, close } = await plug(kind);
  const piece = Buffer.from(kinds[kind].endless.repeat(32_768));
  const kept = heldBy(() => {
    for (let sent = 0; sent < ENDLESS_BYTES; sent += piece.length) wire.say(piece);
  });
  close();
  heard(`${kind} endless`);
  if (kept > MOST_KEPT_BYTES) findings.add('kept what never ends', { kind, kept });
}
