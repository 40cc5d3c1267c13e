import type { Disk, OpenFile } from '../platform/disk.ts';
import { replaceFile } from '../platform/disk.ts';
import type { JournalBook } from './book.ts';
import { encodeFrame, type Position } from './frame.ts';
import { JOURNAL_FILE } from './open.ts';
import { FORMAT, READABLE_BY, type GrantRecord, type JournalRecord } from './records.ts';

const IDS_A_RECORD = 500;
const RECORDS_A_PIECE = 100;

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

/** Writes records after `head`, a piece at a time: a whole journal at once would be some 20 MB more of memory. */
async function appendAll(
  file: OpenFile,
  head: Position,
  records: readonly JournalRecord[],
): Promise<{ head: Position; bytes: number }> {
  let position = head;
  let bytes = 0;
  for (let from = 0; from < records.length; from += RECORDS_A_PIECE) {
    const frames = records.slice(from, from + RECORDS_A_PIECE).map((record) => {
      const frame = encodeFrame(position, record);
      position = frame.head;
      return frame.bytes;
    });
    const piece = Buffer.concat(frames);
    await file.append(piece);
    bytes += piece.length;
  }
  return { head: position, bytes };
}

/** Writes the compacted journal in place of the old one. Sequence and chain go on from `head`, so the server sees no break. */
export async function compactedFile(
  disk: Disk,
  book: JournalBook,
  head: Position,
  grants: readonly GrantRecord[],
): Promise<{ file: OpenFile; head: Position; bytes: number }> {
  let written = { head, bytes: 0 };
  await replaceFile(disk, JOURNAL_FILE, async (draft) => {
    written = await appendAll(draft, head, keptRecords(book, grants));
  });
  return { file: await disk.open(JOURNAL_FILE, 'durable'), ...written };
}
