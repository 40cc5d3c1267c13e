import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const TMPFS = 0x01021994;

/** Gives `work` an empty folder of its own below `parent`, on a real disk, and removes it afterwards. */
export async function inDiskFolder<T>(parent: string, work: (dir: string) => Promise<T>): Promise<T> {
  if (statfsSync(parent).type === TMPFS) {
    throw new Error(`${parent} is memory, not a disk: choose another folder with --dir.`);
  }
  const dir = mkdtempSync(join(parent, 'tessera-bench-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
