import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Writes that must be on disk between tap and relay: requested, authorised and vending in the journal, one COMMIT. */
const ON_THE_PATH = 4;
/** About what a journal record and a WAL frame weigh. */
const RECORD = Buffer.alloc(512, 'x');
const COMMIT = Buffer.alloc(4 * 4096, 'x');

/** How long the synced writes of one redemption take on this disk, in ms, with nothing else between them. */
export function measureFsyncs(folder: string): number {
  const path = join(folder, 'fsync-yardstick');
  const file = openSync(path, 'w');
  const started = performance.now();
  for (let write = 0; write < ON_THE_PATH; write += 1) {
    writeSync(file, write === 0 ? COMMIT : RECORD);
    fdatasyncSync(file);
  }
  const took = performance.now() - started;
  closeSync(file);
  rmSync(path);
  return took;
}
