import type { Disk, OpenMode } from '@tessera/kiosk-daemon/platform/disk';
import type { SeededChance } from './seeded-chance.ts';

/** One file's content: all that was written, and how much of it was synced. */
type Content = { bytes: Buffer; syncedLength: number };

const FREE_BYTES = 1e9;

/**
 * A disk that keeps its word and no more: after a crash, bytes that were not synced are gone, cut short or zeroed,
 * and names that were not synced with their folder may be the old ones again.
 */
export class LossyDisk {
  /** What the running system sees. */
  #live = new Map<string, Content>();
  /** What the folder is known to hold on the platter: name → content as it was when the folder was synced. */
  #durable = new Map<string, Content>();
  readonly #chance: SeededChance;
  /** What was appended last to each file. */
  readonly #latest = new Map<string, Uint8Array>();

  constructor(chance: SeededChance) {
    this.#chance = chance;
  }

  /**
   * A daemon's view of the disk. Once `isAlive` is false, nothing it asks for ever happens or is answered:
   * that is what a killed process looks like from the disk. `pass` comes after each change: the caller may die there, or be
   * kept waiting by what it answers.
   */
  mount(isAlive: () => boolean, pass: () => Promise<void> | undefined = () => undefined): Disk {
    const never = new Promise<never>(() => undefined);
    const alive = async <T>(work: () => T): Promise<T> => (isAlive() ? work() : never);
    const change = async <T>(work: () => T): Promise<T> => {
      if (!isAlive()) return never;
      const done = work();
      await pass();
      // The pass may have been the end of it.
      return isAlive() ? done : never;
    };
    return {
      read: (name) => alive(() => this.#live.get(name)?.bytes.subarray()),
      open: (name, mode) =>
        change(() => {
          const content = this.#open(name, mode);
          const sync = (): Promise<void> =>
            change(() => {
              this.sync(content);
            });
          return {
            append: async (bytes) => {
              await change(() => {
                content.bytes = Buffer.concat([content.bytes, bytes]);
                this.#latest.set(name, bytes);
              });
              // Between the two the machine may stop, as it may between the blocks of one write.
              if (mode === 'durable') await sync();
            },
            sync,
            close: () => alive(() => undefined),
          };
        }),
      rename: (from, to) =>
        change(() => {
          this.replace(from, to);
        }),
      syncDir: () =>
        change(() => {
          this.syncFolder();
        }),
      remove: (name) => change(() => void this.#live.delete(name)),
      list: (folder) =>
        alive(() =>
          [...this.#live.keys()]
            .filter((name) => name.startsWith(`${folder}/`))
            .map((name) => name.slice(folder.length + 1)),
        ),
      freeBytes: () => alive(() => FREE_BYTES),
    };
  }

  /** What was written so far is on the platter now. */
  sync(content: Content): void {
    content.syncedLength = content.bytes.length;
  }

  /** The names are on the platter now. */
  syncFolder(): void {
    this.#durable = new Map(this.#live);
  }

  /** A file takes the name of another. */
  replace(from: string, to: string): void {
    const content = this.#live.get(from);
    if (!content) throw new Error(`rename of a missing file: ${from}`);
    this.#live.delete(from);
    this.#live.set(to, content);
  }

  /** What was appended last to a file, as text. */
  latest(name: string): string {
    return Buffer.from(this.#latest.get(name) ?? []).toString('latin1');
  }

  /** What a file holds for whoever reads it now. */
  holds(name: string): Buffer | undefined {
    return this.#live.get(name)?.bytes;
  }

  /** True where a file has this text in what a power cut would leave. */
  keeps(name: string, text: string): boolean {
    const content = this.#durable.get(name);
    return content?.bytes.subarray(0, content.syncedLength).includes(text) ?? false;
  }

  /** The machine stops now: the process dies and, with `powerCut`, the page cache with it. */
  crash(powerCut: boolean): void {
    if (!powerCut) return;
    if (this.#chance.happens(0.5)) this.#live = new Map(this.#durable);
    for (const content of new Set(this.#live.values())) this.#tear(content);
    this.#durable = new Map(this.#live);
  }

  #open(name: string, mode: OpenMode): Content {
    const existing = this.#live.get(name);
    const content = existing && mode === 'durable' ? existing : { bytes: Buffer.alloc(0), syncedLength: 0 };
    this.#live.set(name, content);
    return content;
  }

  /** Unsynced bytes end in one of the ways in which real disks end them. */
  #tear(content: Content): void {
    const unsynced = content.bytes.length - content.syncedLength;
    if (unsynced <= 0) return;
    const kept = content.syncedLength + this.#chance.integer(unsynced + 1);
    const zeroed = this.#chance.happens(0.3) ? content.bytes.length - kept : 0;
    content.bytes = Buffer.concat([content.bytes.subarray(0, kept), Buffer.alloc(zeroed)]);
    content.syncedLength = content.bytes.length;
  }
}
