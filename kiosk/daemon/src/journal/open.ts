import type { Chance, Clock } from '@tessera/shared/ports';
import { newUlid } from '@tessera/shared/ids/ulid';
import { err, ok, type Result } from '@tessera/shared/result';
import { replaceFile, type Disk, type OpenFile } from '../platform/disk.ts';
import type { Log } from '../platform/log-events.ts';
import type { JournalBook } from './book.ts';
import { encodeFrame, GENESIS, type Position } from './frame.ts';
import { FORMAT, READABLE_BY, type BaseRecord } from './records.ts';
import { replay } from './replay.ts';

export const JOURNAL_FILE = 'journal.log';

export type OpenedJournal = {
  readonly book: JournalBook;
  readonly file: OpenFile;
  readonly head: Position;
  readonly bytes: number;
};
export type JournalDamage = { readonly offset: number; readonly why: string };

type Dependencies = {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
};

/**
 * Opens the kiosk's journal: replays it, cuts a torn tail, notes an unreadable last record, or begins a new one with a new
 * epoch. A journal damaged in its middle is left as it is and answered as an error: no vend may follow from it.
 */
export async function openJournal(dependencies: Dependencies): Promise<Result<OpenedJournal, JournalDamage>> {
  const { disk, log } = dependencies;
  const stored = await disk.read(JOURNAL_FILE);
  let bytes = stored ? Buffer.from(stored.buffer, stored.byteOffset, stored.length) : Buffer.alloc(0);
  let read = replay(bytes);
  if (read.kind === 'read' && read.tail !== 'clean') {
    bytes = await repair(dependencies, bytes, read);
    read = replay(bytes);
  }
  if (read.kind === 'damaged') {
    log('journal_damaged', { offset: read.offset, why: read.why });
    return err({ offset: read.offset, why: read.why });
  }
  if (read.head.seq === 0) {
    bytes = await begin(dependencies);
    read = replay(bytes);
    if (read.kind === 'damaged') return err({ offset: read.offset, why: read.why });
  }
  const file = await disk.open(JOURNAL_FILE, 'durable');
  // The daemon before this one may have died between its write and its sync: what was read must not be lost any more.
  await file.sync();
  await disk.syncDir(JOURNAL_FILE);
  return ok({ book: read.book, file, head: read.head, bytes: bytes.length });
}

/** Puts a damaged journal aside, so that the next start begins a new epoch. For a kiosk that is enrolled again. */
export async function setJournalAside(disk: Disk, nowMs: number): Promise<void> {
  await disk.rename(JOURNAL_FILE, `${JOURNAL_FILE}.damaged-${String(nowMs)}`);
  await disk.syncDir(JOURNAL_FILE);
}

type Tail = { readonly head: Position; readonly end: number; readonly tail: 'clean' | 'torn' | 'bad_last' };

/** The file is rewritten whole, so that the note of the damage and the cut become durable in the same step. */
async function repair({ disk, log }: Dependencies, bytes: Buffer, { head, end, tail }: Tail): Promise<Buffer> {
  const lost = bytes.length - end;
  let fixed = Buffer.from(bytes.subarray(0, end));
  if (tail === 'bad_last') {
    log('journal_last_record_damaged', { seq: head.seq + 1, bytes: lost });
    if (head.seq > 0) fixed = Buffer.concat([fixed, encodeFrame(head, { kind: 'damage', bytes: lost }).bytes]);
  } else {
    log('journal_torn_tail', { afterSeq: head.seq, bytes: lost });
  }
  await replaceFile(disk, JOURNAL_FILE, fixed);
  return fixed;
}

async function begin({ disk, clock, chance, log }: Dependencies): Promise<Buffer> {
  const epoch = newUlid(clock, chance);
  log('journal_new_epoch', { epoch });
  const base: BaseRecord = {
    kind: 'base',
    format: FORMAT,
    readableBy: READABLE_BY,
    epoch,
    usedKnown: false,
    crashes: {},
  };
  const { bytes } = encodeFrame({ seq: 0, hash: GENESIS }, base);
  await replaceFile(disk, JOURNAL_FILE, bytes);
  return bytes;
}
