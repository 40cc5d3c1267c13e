import type { Disk, OpenFile } from '../platform/disk.ts';
import { replaceFile } from '../platform/disk.ts';
import type { JournalBook } from './book.ts';
import { encodeFrame, type Position } from './frame.ts';
import { JOURNAL_FILE } from './open.ts';
import { FORMAT, READABLE_BY, type GrantRecord, type JournalRecord } from './records.ts';

const IDS_A_RECORD = 500;

/** What outlives a compaction: epoch, crash counts, used pick-up codes, and the grants with their outcomes. */
function keptRecords(book: JournalBook, grants: readonly GrantRecord[]): JournalRecord[] {
  const crashes = Object.fromEntries([...book.crashes].map(([slot, count]) => [String(slot), count]));
  const { epoch, usedKnown } = book;
  const records: JournalRecord[] = [
    { kind: 'base', format: FORMAT, readableBy: READABLE_BY, epoch, usedKnown, crashes },
  ];
  const used = [...book.used];
  for (let from = 0; from < used.length; from += IDS_A_RECORD) {
    records.push({ kind: 'used', ids: used.slice(from, from + IDS_A_RECORD), complete: usedKnown });
  }
  return [...records, ...grants];
}

/** Writes the compacted journal in place of the old one. Sequence and chain go on from `head`, so the server sees no break. */
export async function compactedFile(
  disk: Disk,
  book: JournalBook,
  head: Position,
  grants: readonly GrantRecord[],
): Promise<{ file: OpenFile; head: Position; bytes: number }> {
  let position = head;
  const frames = keptRecords(book, grants).map((record) => {
    const frame = encodeFrame(position, record);
    position = frame.head;
    return frame.bytes;
  });
  const bytes = Buffer.concat(frames);
  await replaceFile(disk, JOURNAL_FILE, bytes);
  return { file: await disk.open(JOURNAL_FILE, 'append'), head: position, bytes: bytes.length };
}
