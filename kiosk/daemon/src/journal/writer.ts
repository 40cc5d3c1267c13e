import type { OpenFile } from '../platform/disk.ts';
import type { DaemonEffect, Hit } from '../platform/failpoints.ts';
import { encodeFrame, type Position } from './frame.ts';
import type { JournalRecord } from './records.ts';

type Waiting = { readonly record: JournalRecord; readonly done: () => void };

const effectOf = (record: JournalRecord): DaemonEffect => {
  if (record.kind === 'vend') return `journal.${record.to}`;
  return record.kind === 'variance' ? 'journal.variance' : 'journal.other';
};

/**
 * Appends records one after the other; those that wait together share one write. A promise resolves when its record is
 * durable. After a failed write nobody is answered: `fatal` is called and the writer stands still.
 */
export class JournalWriter {
  readonly #waiting: Waiting[] = [];
  #busy = false;
  #file: OpenFile;
  #head: Position;
  #bytes: number;

  constructor(
    start: { readonly file: OpenFile; readonly head: Position; readonly bytes: number },
    private readonly dependencies: {
      readonly hit: Hit;
      /** Takes each record the moment it is durable. */
      readonly onDurable: (record: JournalRecord) => void;
      readonly fatal: (error: unknown) => void;
    },
  ) {
    this.#file = start.file;
    this.#head = start.head;
    this.#bytes = start.bytes;
  }

  /** Where the durable part of the journal stands. */
  get head(): Position {
    return this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the record is durable; never rejects. */
  append(record: JournalRecord): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ record, done });
      void this.#drain();
    });
  }

  /** Runs `rewrite` while nothing is written, and goes on in the file that it answers; false where the writer is at work. */
  async tryRewrite(
    rewrite: (head: Position) => Promise<{ file: OpenFile; head: Position; bytes: number }>,
  ): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    try {
      const old = this.#file;
      const fresh = await rewrite(this.#head);
      this.#file = fresh.file;
      this.#head = fresh.head;
      this.#bytes = fresh.bytes;
      await old.close();
    } catch (error) {
      this.dependencies.fatal(error);
      return false;
    }
    this.#busy = false;
    await this.#drain();
    return true;
  }

  /** Closes the file; what is not durable by then never will be. */
  async close(): Promise<void> {
    this.#busy = true;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting.length > 0) await this.#writeBatch(this.#waiting.splice(0));
    } catch (error) {
      this.dependencies.fatal(error);
      return;
    }
    this.#busy = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const { hit, onDurable } = this.dependencies;
    let head = this.#head;
    const frames = batch.map(({ record }) => {
      hit(`daemon.${effectOf(record)}.before`);
      const frame = encodeFrame(head, record);
      head = frame.head;
      return frame.bytes;
    });
    const bytes = Buffer.concat(frames);
    await this.#file.append(bytes);
    this.#head = head;
    this.#bytes += bytes.length;
    for (const { record, done } of batch) {
      onDurable(record);
      hit(`daemon.${effectOf(record)}.after`);
      done();
    }
  }
}
