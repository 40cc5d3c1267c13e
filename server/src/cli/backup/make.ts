import { existsSync } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import { hashFile, manifestOf, type Manifest } from './manifest.ts';
import { copyDatabase, dropSideFiles, faultsOf, metaText, syncFile, type Copied } from './sqlite-file.ts';

export type BackupOrder = {
  readonly database: string;
  readonly to: string;
  readonly nowMs: number;
  readonly progress: (copied: Copied) => void;
};

const refused = (detail: string): Result<never, Problem> => err(problem('conflict', { detail }));

/**
 * Copies the live database into one file, examines the copy, and only then gives it its name; a manifest with its hash
 * stands beside it. The server goes on working.
 */
export async function makeBackup(order: BackupOrder): Promise<Result<Manifest & { file: string }, Problem>> {
  if (existsSync(order.to)) return refused(`${order.to} exists already. A backup never overwrites another.`);
  const draft = `${order.to}.part`;
  try {
    await copyDatabase(order.database, draft, order.progress);
    const faults = faultsOf(draft);
    if (faults.length > 0) return refused(`The copy is not sound, so it was thrown away: ${faults.join(' ')}`);
    await dropSideFiles(draft);
    const { size } = await stat(draft);
    const manifest: Manifest = {
      format: 'tessera-backup-1',
      madeAt: order.nowMs,
      bytes: size,
      sha256: await hashFile(draft),
      ledgerEpoch: metaText(draft, 'ledger_epoch'),
    };
    await dropSideFiles(draft);
    await writeFile(manifestOf(order.to), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFile(manifestOf(order.to));
    await syncFile(draft);
    await rename(draft, order.to);
    await syncFile(order.to);
    return ok({ file: order.to, ...manifest });
  } finally {
    await rm(draft, { force: true });
  }
}
