import { JournalBook } from './book.ts';
import { decodeFrame, GENESIS, type Position } from './frame.ts';
import { FORMAT, readRecord, type JournalRecord } from './records.ts';

export type Replay =
  | {
      readonly kind: 'read';
      readonly book: JournalBook;
      readonly head: Position;
      /** Where the last good record ends. */
      readonly end: number;
      readonly tail: 'clean' | 'torn' | 'bad_last';
    }
  | { readonly kind: 'damaged'; readonly offset: number; readonly why: string };

/**
 * Reads a whole journal file. Nothing is guessed: a record is either proven (its checks, its place in the chain, a step
 * that the vend machine allows), or the tail of an unfinished write, or damage.
 * @param each called with every record, for what is not kept in memory
 */
export function replay(file: Buffer, each: (record: JournalRecord) => void = () => undefined): Replay {
  const book = new JournalBook();
  let head: Position = { seq: 0, hash: GENESIS };
  let end = 0;
  for (;;) {
    const frame = decodeFrame(file, end);
    if (frame.kind === 'damaged') return { kind: 'damaged', offset: end, why: 'unreadable_record' };
    if (frame.kind !== 'record') {
      return { kind: 'read', book, head, end, tail: frame.kind === 'end' ? 'clean' : frame.kind };
    }
    const record = readRecord(frame.json);
    const isFirst = end === 0;
    const why = isFirst ? wrongBase(record) : wrongPlace(frame, head);
    if (why !== undefined) return { kind: 'damaged', offset: end, why };
    if (record === 'bad') return { kind: 'damaged', offset: end, why: 'unknown_record' };
    if (record !== 'skip') {
      const impossible = book.apply(record);
      if (impossible !== undefined) return { kind: 'damaged', offset: end, why: impossible };
      each(record);
    }
    head = { seq: frame.seq, hash: frame.hash };
    end = frame.end;
  }
}

/** A file starts with its base record, which carries the chain on from before a compaction. */
function wrongBase(record: JournalRecord | 'skip' | 'bad'): string | undefined {
  if (typeof record === 'string' || record.kind !== 'base') return 'no_base_record';
  return record.readableBy > FORMAT ? 'format_of_a_newer_release' : undefined;
}

function wrongPlace(frame: { seq: number; prev: string }, head: Position): string | undefined {
  return frame.seq === head.seq + 1 && frame.prev === head.hash ? undefined : 'chain_broken';
}
