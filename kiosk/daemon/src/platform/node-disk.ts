import { constants, mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { assert } from '@tessera/shared/result';
import type { Disk, OpenFile, OpenMode } from './disk.ts';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The real disk, rooted in a folder that is made when missing. Files are 0600, folders 0700: keys live here. */
export async function nodeDisk(root: string): Promise<Disk> {
  const base = resolve(root);
  await mkdir(base, { recursive: true, mode: 0o700 });
  const pathOf = (name: string): string => {
    const path = resolve(base, name);
    assert(path.startsWith(base + sep), 'a file name stays in the data folder');
    return path;
  };
  return {
    async read(name) {
      return readFile(pathOf(name)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
    },
    async open(name, mode) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return openFile(path, mode);
    },
    rename: (from, to) => rename(pathOf(from), pathOf(to)),
    syncDir: (name) => syncFolder(dirname(pathOf(name))),
    remove: (name) => rm(pathOf(name), { force: true }),
    list: (folder) =>
      readdir(join(base, folder)).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(base);
      return bavail * bsize;
    },
  };
}

const { O_WRONLY, O_CREAT, O_APPEND, O_DSYNC, O_TRUNC } = constants;
const flags: Readonly<Record<OpenMode, number>> = {
  fresh: O_WRONLY | O_CREAT | O_TRUNC,
  durable: O_WRONLY | O_CREAT | O_APPEND | O_DSYNC,
};

async function openFile(path: string, mode: OpenMode): Promise<OpenFile> {
  const handle = await open(path, flags[mode], 0o600);
  return {
    append: async (bytes) => {
      await handle.writeFile(bytes);
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
