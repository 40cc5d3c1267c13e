import { closeSync, constants, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Records of the journal between tap and relay: requested, authorised, vending. */
const RECORDS = 3;
/** About what one weighs. */
const RECORD = Buffer.alloc(512, 'x');
/** What the COMMIT of an authorise writes: 21 frames of the WAL, counted in /proc/self/io; each a page and 24 bytes. */
const COMMIT = Buffer.alloc(21 * (4096 + 24), 'x');

const { O_WRONLY, O_CREAT, O_APPEND, O_DSYNC } = constants;

/** How long the synced writes of one redemption take on this disk, in ms: by the calls that the path makes, and nothing between. */
export async function measureFsyncs(folder: string): Promise<number> {
  return (await records(join(folder, 'journal-yardstick'))) + commit(join(folder, 'commit-yardstick'));
}

/** As the journal: through the pool of threads, each record durable before the next. */
async function records(path: string): Promise<number> {
  const file = await open(path, O_WRONLY | O_CREAT | O_APPEND | O_DSYNC, 0o600);
  const started = performance.now();
  for (let written = 0; written < RECORDS; written += 1) await file.writeFile(RECORD);
  const took = performance.now() - started;
  await file.close();
  await rm(path);
  return took;
}

/** As SQLite: on the spot. */
function commit(path: string): number {
  const file = openSync(path, 'w');
  const started = performance.now();
  writeSync(file, COMMIT);
  fdatasyncSync(file);
  const took = performance.now() - started;
  closeSync(file);
  rmSync(path);
  return took;
}
