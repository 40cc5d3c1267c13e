/**
 * The kiosk's local files, as far as durability is concerned. Names are relative to the kiosk's data folder.
 * A promise that rejects means that the disk refused; after a failed `sync` nothing may be promised any more.
 * The simulation gives one that forgets on a crash whatever was not synced.
 */
export interface Disk {
  /** The whole file; undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Opens for writing. Creates the file readable by its owner alone. */
  open(name: string, mode: OpenMode): Promise<OpenFile>;
  /** Replaces `to` in one step. Durable only after `syncDir`. */
  rename(from: string, to: string): Promise<void>;
  /** Makes creations and renames in the folder of `name` durable. */
  syncDir(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names of the files in a folder; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
  /** Bytes that can still be written. */
  freeBytes(): Promise<number>;
}

/**
 * `fresh` empties the file first. `durable` writes at the end, and each `append` survives a power cut when it resolves: one
 * trip to the disk where `append` and `sync` are two.
 */
export type OpenMode = 'fresh' | 'durable';

export interface OpenFile {
  append(bytes: Uint8Array): Promise<void>;
  /** `fdatasync`: when it resolves, the bytes survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Replaces a file so that after a power cut either the old or the new content stands: write, sync, rename, sync the folder. */
export async function replaceFile(
  disk: Disk,
  name: string,
  content: Uint8Array | ((file: OpenFile) => Promise<void>),
): Promise<void> {
  const draft = `${name}.tmp`;
  const file = await disk.open(draft, 'fresh');
  try {
    if (typeof content === 'function') await content(file);
    else await file.append(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(draft, name);
  await disk.syncDir(name);
}
