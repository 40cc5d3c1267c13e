import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';

/** Written beside a backup as `<file>.json`: what it is, and what its bytes must hash to. */
export const manifestSchema = z.object({
  format: z.literal('tessera-backup-1'),
  madeAt: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  ledgerEpoch: z.string().nullable(),
});
export type Manifest = z.output<typeof manifestSchema>;

export const manifestOf = (file: string): string => `${file}.json`;

/** SHA-256 of a file of any size, hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Reads the manifest beside a backup; undefined where it is missing or not one of ours. */
export async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    const read = manifestSchema.safeParse(JSON.parse(await readFile(manifestOf(file), 'utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
