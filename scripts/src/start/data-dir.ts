import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@tessera/shared/result';

/** Written into every folder that `scripts/start` makes; only such a folder is ever emptied. */
const MARKER = '.tessera-demo';
const LOCK = '.tessera-lock';

/** When a process began, in clock ticks since boot: with its id it names a process for good. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function takeLock(dataDir: string): Result<void, string> {
  const file = join(dataDir, LOCK);
  const mine = `${String(process.pid)} ${startOf(process.pid) ?? ''}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return ok(undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        return err(`${dataDir} cannot be written: ${String(error)}`);
    }
    const [pid = '', started = ''] = readFileSync(file, 'utf8').split(' ');
    if (startOf(Number(pid)) === started) {
      return err(
        `${dataDir} is in use by another scripts/start, process ${pid}. Stop that one, or choose another folder with --data.`,
      );
    }
    rmSync(file, { force: true });
  }
  return err(`${dataDir} is being taken by another scripts/start at this moment.`);
}

/**
 * Takes a data folder: makes it, or finds it to be ours and not in use. With `fresh` an earlier demo in it is forgotten.
 * Refuses, and changes nothing, where the folder has content that this command did not make.
 */
export function takeDataDir(dataDir: string, fresh: boolean): Result<{ release(): void }, string> {
  const content = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (content.length > 0 && !content.includes(MARKER)) {
    return err(
      `${dataDir} has content that scripts/start did not make, so it is left alone. Choose another folder with --data.`,
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, MARKER), 'Made by scripts/start. --fresh empties this folder.\n');
  const locked = takeLock(dataDir);
  if (!locked.ok) return locked;
  if (fresh) {
    for (const name of content) {
      if (name !== MARKER && name !== LOCK) rmSync(join(dataDir, name), { recursive: true, force: true });
    }
  }
  return ok({
    release() {
      rmSync(join(dataDir, LOCK), { force: true });
    },
  });
}
