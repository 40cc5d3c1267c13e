import { Low } from 'lowdb';
import type * as z from 'zod/mini';
import { replaceFile, type Disk } from '../platform/disk.ts';
import type { Hit } from '../platform/failpoints.ts';
import type { Log } from '../platform/log-events.ts';

export type StoreDependencies = {
  readonly disk: Disk;
  readonly log: Log;
  readonly hit: Hit;
  /** Ends the process: a write or sync failed. */
  readonly fatal: (error: unknown) => void;
};

/**
 * A small JSON file with lowdb's hands and a durable adapter: each write is a new file, synced, renamed, its folder
 * synced. Writes follow one another; those that wait are merged into one, and each waits for a write that contains it.
 */
export class JsonStore<Data extends object> {
  readonly #low: Low<Data>;
  readonly #deps: StoreDependencies;
  #writing: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  private constructor(low: Low<Data>, dependencies: StoreDependencies) {
    this.#low = low;
    this.#deps = dependencies;
  }

  /** Opens a file; where its content does not fit the schema it is put aside, logged, and begun anew. */
  static async open<Data extends object>(
    dependencies: StoreDependencies,
    file: { readonly name: string; readonly schema: z.ZodMiniType<Data>; readonly empty: Data },
  ): Promise<JsonStore<Data>> {
    const { disk } = dependencies;
    const adapter = {
      read: () => readJson(dependencies, file.name, file.schema),
      write: (data: Data) => replaceFile(disk, file.name, Buffer.from(JSON.stringify(data))),
    };
    const low = new Low<Data>(adapter, file.empty);
    await low.read();
    return new JsonStore(low, dependencies);
  }

  get data(): Readonly<Data> {
    return this.#low.data;
  }

  /** Changes the data in memory alone: for what may be lost in a crash, until `save`. */
  set(change: Partial<Data>): void {
    this.#low.data = { ...this.#low.data, ...change };
  }

  /** Changes the data at once and resolves when the change is durable; never rejects. */
  update(change: Partial<Data>): Promise<void> {
    this.set(change);
    return this.save();
  }

  /** Resolves when the data as it is now is durable; never rejects. */
  async save(): Promise<void> {
    if (!this.#writing) {
      this.#writing = this.#write();
      return this.#writing;
    }
    this.#next ??= this.#writing.then(() => {
      this.#next = null;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const { hit, fatal } = this.#deps;
    hit('daemon.store.before');
    try {
      await this.#low.write();
    } catch (error) {
      fatal(error);
      return new Promise<never>(() => undefined);
    }
    hit('daemon.store.after');
    if (!this.#next) this.#writing = null;
  }
}

async function readJson<Data>(
  { disk, log }: StoreDependencies,
  name: string,
  schema: z.ZodMiniType<Data>,
): Promise<Data | null> {
  const bytes = await disk.read(name);
  if (!bytes) return null;
  // The daemon before this one may have died between its rename and its sync: what was read must not be lost any more.
  await disk.syncDir(name);
  const data = schema.safeParse(parseJson(bytes));
  if (data.success) return data.data;
  log('store_damaged', { name });
  await disk.rename(name, `${name}.damaged`);
  return null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
