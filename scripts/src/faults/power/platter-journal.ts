import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replay } from '@tessera/kiosk-daemon/journal/replay';
import { mend } from './file-system.ts';

/**
 * Reads the kiosk's journal as the cut left it, from a copy of the disk: its file system's own journal is replayed, then the
 * kiosk's. Answers why that cannot be done; undefined where it can.
 */
export function journalDamage(diskFile: string, path: string, workDir: string): string | undefined {
  const copy = join(workDir, 'copy.disk');
  const file = join(workDir, 'copy.journal');
  execFileSync('cp', ['--sparse=always', diskFile, copy]);
  try {
    const beyondRepair = mend(copy, '-fy');
    if (beyondRepair !== undefined) return beyondRepair;
    rmSync(file, { force: true });
    execFileSync('debugfs', ['-R', `dump ${path} ${file}`, copy], { stdio: 'ignore' });
    const read = replay(readFileSync(file));
    if (read.kind === 'damaged') return `the journal is damaged at ${String(read.offset)}: ${read.why}`;
    return read.head.seq === 0 ? 'the journal is empty' : undefined;
  } finally {
    rmSync(copy, { force: true });
  }
}
