import { advance } from '@tessera/shared/machine';
import type { Chance, Clock } from '@tessera/shared/ports';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import { vend, type VendEffect, type VendEvent, type VendState } from '@tessera/shared/redemption/vend';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Disk } from '../platform/disk.ts';
import type { Hit } from '../platform/failpoints.ts';
import type { Log } from '../platform/log-events.ts';
import type { JournalBook, Variance } from './book.ts';
import { compactedFile } from './compact.ts';
import { GrantGatherer } from './grants.ts';
import { JOURNAL_FILE, openJournal, type JournalDamage, type OpenedJournal } from './open.ts';
import type { GrantRecord, JournalRecord, VendRecord } from './records.ts';
import { replay } from './replay.ts';
import { JournalWriter } from './writer.ts';

export type JournalDependencies = {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly hit: Hit;
  /** Ends the process: a write or sync failed. */
  readonly fatal: (error: unknown) => void;
  /** A file smaller than this is not worth a compaction. */
  readonly compactAboveBytes: number;
};

export type StepFacts = Omit<VendRecord, 'kind' | 'id' | 'event' | 'to' | 'atMs'>;

/** The kiosk's memory of what it promised and what it did. Every promise resolves only when it would survive a power cut. */
export class Journal {
  readonly book: JournalBook;
  readonly #writer: JournalWriter;
  readonly #deps: JournalDependencies;
  /** States that are being written: a second step of the same redemption is judged by them. */
  readonly #ahead = new Map<string, { state: VendState; count: number }>();
  #bytesAfterCompaction: number;
  readonly #listeners: (() => void)[] = [];

  private constructor(opened: OpenedJournal, dependencies: JournalDependencies) {
    this.book = opened.book;
    this.#deps = dependencies;
    this.#bytesAfterCompaction = opened.bytes;
    const { hit, fatal } = dependencies;
    this.#writer = new JournalWriter(opened, { hit, fatal, onDurable: (record) => this.#take(record) });
  }

  /** Replays the journal from disk, or begins one. */
  static async open(dependencies: JournalDependencies): Promise<Result<Journal, JournalDamage>> {
    const opened = await openJournal(dependencies);
    return opened.ok ? ok(new Journal(opened.value, dependencies)) : opened;
  }

  /** Size of the journal's file. */
  get bytes(): number {
    return this.#writer.bytes;
  }

  /** Where the durable journal stands, as the server is told. */
  get head(): JournalHead {
    const { seq, hash } = this.#writer.head;
    return { epoch: this.book.epoch, seq, hash };
  }

  /** Calls back after each durable record. */
  onDurable(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Moves a redemption by one event of the vend machine. Answers the effects that are now due, after the new state is
   * durable; or the machine's reason for the refusal, with nothing written.
   */
  async step(id: string, event: VendEvent, facts: StepFacts = {}): Promise<Result<readonly VendEffect[], string>> {
    const state = this.#ahead.get(id)?.state ?? this.book.stateOf(id);
    const step = advance(vend, state, event);
    if (!step.ok) return err(step.error);
    const { to, effects } = step.value;
    if (effects.includes('write')) {
      this.#ahead.set(id, { state: to, count: (this.#ahead.get(id)?.count ?? 0) + 1 });
      await this.#writer.append({ kind: 'vend', id, event, to, atMs: this.#deps.clock.nowMs(), ...facts });
    }
    return ok(effects);
  }

  /** Notes a physical event that belongs to no redemption, to be reported. */
  async variance(report: Variance): Promise<void> {
    await this.#writer.append({ kind: 'variance', report });
  }

  async varianceSent(eventId: string): Promise<void> {
    await this.#writer.append({ kind: 'variance_sent', eventId });
  }

  /** Takes the server's list of used pick-up codes; from then on codes may be served without the server. */
  async noteUsed(ids: readonly string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.book.used.has(id));
    if (this.book.usedKnown && fresh.length === 0) return;
    await this.#writer.append({ kind: 'used', ids: fresh, complete: true });
  }

  /** The grants of the last 90 days with their outcomes, read from disk. */
  async grants(): Promise<readonly GrantRecord[]> {
    const gatherer = await this.#gather();
    return gatherer.kept(this.#deps.clock.nowMs());
  }

  /** Rewrites the journal without what has ended, where that is worth it and nothing is open. Answers whether it did. */
  async compactWhenIdle(): Promise<boolean> {
    const { compactAboveBytes, log } = this.#deps;
    const before = this.#writer.bytes;
    const isDue = before > compactAboveBytes && before > 2 * this.#bytesAfterCompaction;
    if (!isDue || !this.book.idle || this.#ahead.size > 0) return false;
    const done = await this.#writer.tryRewrite(async (head) => {
      this.#deps.hit('daemon.journal.compaction.before');
      const gatherer = await this.#gather();
      const fresh = await compactedFile(this.#deps.disk, this.book, head, gatherer.kept(this.#deps.clock.nowMs()));
      this.#deps.hit('daemon.journal.compaction.after');
      return fresh;
    });
    if (!done) return false;
    this.#bytesAfterCompaction = this.#writer.bytes;
    log('journal_compacted', { before, after: this.#writer.bytes });
    return true;
  }

  /** Gives the file back. Nothing may be written any more. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  async #gather(): Promise<GrantGatherer> {
    const gatherer = new GrantGatherer();
    const bytes = (await this.#deps.disk.read(JOURNAL_FILE)) ?? new Uint8Array();
    replay(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (record) => gatherer.take(record));
    return gatherer;
  }

  #take(record: JournalRecord): void {
    const impossible = this.book.apply(record);
    if (impossible !== undefined) throw new Error(`A record cannot follow the journal: ${impossible}`);
    if (record.kind === 'vend') this.#leaveAhead(record.id);
    for (const listener of this.#listeners) listener();
  }

  #leaveAhead(id: string): void {
    const ahead = this.#ahead.get(id);
    if (ahead && ahead.count > 1) this.#ahead.set(id, { ...ahead, count: ahead.count - 1 });
    else this.#ahead.delete(id);
  }
}
