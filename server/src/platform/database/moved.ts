import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'moved-to-postgres.json';

/** Says beside the file that its books have moved: a server that was started without DATABASE_URL must not go on with them. */
export function markMoved(directory: string, atMs: number): void {
  writeFileSync(join(directory, MARK), `${JSON.stringify({ movedAt: atMs })}\n`);
}

/** The mark in a server's folder, if its books have moved. */
export function movedMark(directory: string): string | undefined {
  const file = join(directory, MARK);
  return existsSync(file) ? file : undefined;
}
