import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/** What better-sqlite3 reports while it copies. */
export type Copied = { readonly totalPages: number; readonly remainingPages: number };

const PAGES_PER_STEP = 512;

/** Copies a live database, consistently and while it is being written, into a file. */
export async function copyDatabase(from: string, to: string, progress: (copied: Copied) => void): Promise<void> {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    await source.backup(to, {
      progress(copied) {
        progress(copied);
        return PAGES_PER_STEP;
      },
    });
  } finally {
    source.close();
  }
}

/** SQLite's own examination of a file: no words mean that it is sound. */
export function faultsOf(file: string): string[] {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
    const rows = sqlite.pragma('integrity_check(10)') as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((word) => word !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : 'It cannot be opened.'];
  } finally {
    sqlite?.close();
  }
}

/** One text of the `meta` table; null where there is none. */
export function metaText(file: string, key: string): string | null {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const row = sqlite.prepare<[string], { value: string }>('select value from meta where key = ?').get(key);
    return row?.value ?? null;
  } finally {
    sqlite.close();
  }
}

/**
 * True while any process has the database open: a WAL connection keeps a shared lock on the file for as long as it
 * lives, so that nobody can lock it exclusively.
 */
export function isInUse(file: string): boolean {
  const sqlite = new Sqlite(file, { timeout: 0, fileMustExist: true });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('begin exclusive; rollback');
    return false;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    // Not a database any more: then nobody uses it as one, and replacing it is what the operator came for.
    return false;
  } finally {
    sqlite.close();
  }
}

/** Puts a file's bytes and its name on the disk. */
export async function syncFile(file: string): Promise<void> {
  for (const path of [file, dirname(file)]) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Removes the write-ahead files beside a database that is closed. */
export async function dropSideFiles(file: string): Promise<void> {
  await rm(`${file}-wal`, { force: true });
  await rm(`${file}-shm`, { force: true });
}
