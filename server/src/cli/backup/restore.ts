import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { noFailpoints, type Chance, type Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import { Audit } from '../../platform/audit/audit.ts';
import { sealAudit } from '../../platform/audit/chain.ts';
import { nextTurn } from '../../platform/clock/system.ts';
import { Commands } from '../../platform/commands/commands.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { openLedgerEpoch } from '../../platform/database/ledger-epoch.ts';
import { migrate } from '../../platform/migrations/migrate.ts';
import { hashFile, readManifest } from './manifest.ts';
import { dropSideFiles, faultsOf, isInUse, syncFile } from './sqlite-file.ts';

export type RestoreOrder = {
  readonly from: string;
  readonly database: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly progress: (text: string) => void;
};

export type Restored = { readonly database: string; readonly ledgerEpoch: string; readonly before: string | null };

const refused = (detail: string): Result<never, Problem> => err(problem('conflict', { detail }));

/** Looks at everything a restore needs, and changes nothing. */
export async function examineRestore(order: RestoreOrder): Promise<Result<{ madeAt: number | null }, Problem>> {
  if (!existsSync(order.from)) return err(problem('not_found', { detail: `There is no backup at ${order.from}.` }));
  if (existsSync(order.database) && isInUse(order.database)) {
    return refused('The server is running on this data. Stop it first, then restore; nothing was changed.');
  }
  order.progress('Examining the backup …');
  const manifest = await readManifest(order.from);
  if (manifest !== undefined && (await hashFile(order.from)) !== manifest.sha256) {
    return refused('The backup is not the file that its manifest describes: its bytes have changed.');
  }
  const faults = faultsOf(order.from);
  return faults.length > 0
    ? refused(`The backup is not sound: ${faults.join(' ')}`)
    : ok({ madeAt: manifest?.madeAt ?? null });
}

/** Opens a new ledger epoch in the restored copy, and leaves a line in its audit. */
async function openEpoch(file: string, order: RestoreOrder): Promise<Result<string, Problem>> {
  const database = openDatabase(file);
  const { clock, chance } = order;
  const failures: unknown[] = [];
  try {
    await migrate(database.db);
    const commands = new Commands({
      database,
      clock,
      failpoints: noFailpoints,
      defer: nextTurn,
      fatal: (cause) => failures.push(cause),
      seal: sealAudit,
    });
    return await commands.run({
      name: 'backup.restore',
      actor: 'cli',
      async work(tx) {
        const epoch = await openLedgerEpoch(tx.db, clock, chance);
        await new Audit(chance).write(tx, 'backup.restored', `epoch:${epoch}`, {});
        return ok(epoch);
      },
    });
  } finally {
    await database.close();
  }
}

/** Moves a closed database away with its write-ahead files: a crash may have left commits in them. */
async function moveAside(database: string, to: string): Promise<void> {
  for (const tail of ['-wal', '-shm', '']) {
    if (existsSync(`${database}${tail}`)) await rename(`${database}${tail}`, `${to}${tail}`);
  }
}

/**
 * Puts a backup in the place of the database of a stopped server. The old database is moved aside, never deleted. The
 * restored books begin a new ledger epoch, so that kiosks replay what the backup does not know.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Result<Restored, Problem>> {
  const looked = await examineRestore(order);
  if (!looked.ok) return looked;
  await mkdir(dirname(order.database), { recursive: true });
  const draft = `${order.database}.restoring`;
  try {
    order.progress('Copying …');
    await copyFile(order.from, draft);
    const epoch = await openEpoch(draft, order);
    if (!epoch.ok) return epoch;
    await dropSideFiles(draft);
    await syncFile(draft);
    const before = existsSync(order.database) ? `${order.database}.before-${String(order.clock.nowMs())}` : null;
    if (before !== null) {
      await moveAside(order.database, before);
    }
    await rename(draft, order.database);
    await syncFile(order.database);
    return ok({ database: order.database, ledgerEpoch: epoch.value, before });
  } finally {
    await rm(draft, { force: true });
    await dropSideFiles(draft);
  }
}
