import type { Disk, OpenMode } from '@tessera/kiosk-daemon/platform/disk';
import type { SeededChance } from './seeded-chance.ts';

/** One file's content: all that was written, and how much of it was synced. It grows in place; what was read of it stays. */
class Content {
  #room: Buffer;
  length: number;
  syncedLength = 0;

  constructor(bytes = Buffer.alloc(0)) {
    this.#room = bytes;
    this.length = bytes.length;
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.length);
  }

  append(more: Uint8Array): void {
    const length = this.length + more.length;
    if (length > this.#room.length) {
      const wider = Buffer.alloc(Math.max(1024, 2 * length));
      wider.set(this.bytes);
      this.#room = wider;
    }
    this.#room.set(more, this.length);
    this.length = length;
  }
}

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
   * kept waiting by what it answers. `brake` comes before each: nothing has changed while it waits.
   */
  mount(
    isAlive: () => boolean,
    pass: () => Promise<void> | undefined = () => undefined,
    brake: () => Promise<void> | undefined = () => undefined,
  ): Disk {
    const never = new Promise<never>(() => undefined);
    const alive = async <T>(work: () => T): Promise<T> => (isAlive() ? work() : never);
    const change = async <T>(work: () => T): Promise<T> => {
      const braked = brake();
      if (braked) await braked;
      if (!isAlive()) return never;
      const done = work();
      await pass();
      // The pass may have been the end of it.
      return isAlive() ? done : never;
    };
    return {
      read: (name) => alive(() => this.#live.get(name)?.bytes),
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
                content.append(bytes);
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
    content.syncedLength = content.length;
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
    // From its end: what is asked for was written a moment ago.
    return (content?.bytes.subarray(0, content.syncedLength).lastIndexOf(text) ?? -1) >= 0;
  }

  /** The machine stops now: the process dies and, with `powerCut`, the page cache with it. */
  crash(powerCut: boolean): void {
    if (!powerCut) return;
    if (this.#chance.happens(0.5)) this.#live = new Map(this.#durable);
    const torn = new Map<Content, Content>();
    for (const content of new Set(this.#live.values())) torn.set(content, this.#torn(content));
    this.#live = new Map([...this.#live].map(([name, content]) => [name, torn.get(content) ?? content]));
    this.#durable = new Map(this.#live);
  }

  #open(name: string, mode: OpenMode): Content {
    const existing = this.#live.get(name);
    const content = existing && mode === 'durable' ? existing : new Content();
    this.#live.set(name, content);
    return content;
  }

  /** Unsynced bytes end in one of the ways in which real disks end them. */
  #torn(content: Content): Content {
    const unsynced = content.length - content.syncedLength;
    if (unsynced <= 0) return content;
    const kept = content.syncedLength + this.#chance.integer(unsynced + 1);
    const zeroed = this.#chance.happens(0.3) ? content.length - kept : 0;
    const left = new Content(Buffer.concat([content.bytes.subarray(0, kept), Buffer.alloc(zeroed)]));
    left.syncedLength = left.length;
    return left;
  }
}
