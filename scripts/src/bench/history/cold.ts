import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets the kernel forget what it keeps in memory of every file below a folder, so that the next reader goes to the disk.
 * Whoever has the files open must have closed them. dd, because node has no way to say it (posix_fadvise).
 */
export function forgetFiles(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    execFileSync('dd', [`if=${join(entry.parentPath, entry.name)}`, 'iflag=nocache', 'count=0', 'status=none']);
  }
}
