import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import pg from 'pg';
import * as z from 'zod';
import { checkBooks, type CheckReport } from '../../features/check/index.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { markMoved } from '../../platform/database/moved.ts';
import { ownAlone } from '../../platform/database/owner.ts';
import { clientConfig, isPostgresAddress, readAddresses, shown } from '../../platform/database/postgres/addresses.ts';
import { valueTypes } from '../../platform/database/postgres/types.ts';
import { migrate } from '../../platform/migrations/migrate.ts';
import { defineCommand, type CommandSpec, type Context, type Output } from '../command.ts';
import { dryRun } from '../inputs.ts';
import { countRows, moveBooks, type Moved } from '../move/move.ts';
import { table } from '../table.ts';
import { postgresOf, serverFiles } from '../target.ts';

const refused = (detail: string): Result<never, Problem> => err(problem('conflict', { detail }));

/** Brings both databases to the newest schema, moves, and checks what arrived. */
async function move(
  context: Context,
  file: string,
  address: string,
): Promise<Result<Moved & { check: CheckReport }, Problem>> {
  for (const each of [file, address]) {
    const database = openDatabase(each);
    await migrate(database.db).finally(() => database.close());
  }
  const client = new pg.Client({ ...clientConfig(address), types: valueTypes });
  await client.connect();
  let said = 0;
  const moved = await moveBooks(file, client, (name, rows) => {
    const now = context.io.clock.monotonicMs();
    if (now - said < 1_000) return;
    said = now;
    context.progress(`${name}: ${String(rows)} rows`);
  }).finally(() => client.end());
  if (!moved.ok) return moved;
  context.progress('Checking the books where they are now …');
  const database = openDatabase(address, { readonly: true });
  const check = await checkBooks(database.db, context.io.clock.nowMs()).finally(() => database.close());
  return ok({ ...moved.value, check });
}

function outputOf(moved: Moved, check: CheckReport | undefined, last: string): Output {
  const broken = check?.checks.filter((each) => each.ok === false) ?? [];
  const drawn = table(
    moved.tables.filter((each) => each.rows > 0),
    [
      { title: 'table', value: (row) => row.name },
      { title: 'rows', value: (row) => String(row.rows) },
      { title: 'sha256', value: (row) => row.sha256.slice(0, 16) },
    ],
    'There is nothing in it.',
  );
  const lines = broken.map((each) => `Broken, as it was before the move: ${each.name} ${JSON.stringify(each.rows)}`);
  return {
    json: { ...moved, ...(check && { check }) },
    text: [drawn, ...lines, '', last].join('\n'),
    failed: broken.length > 0,
  };
}

export const migrateToPostgres: CommandSpec = defineCommand({
  name: 'migrate-to-postgres',
  summary: 'move the books of a stopped server into an empty PostgreSQL database',
  about:
    'Everything goes over in one transaction: every row is compared by count and hash, every reference is verified, then ' +
    'the books are checked where they are now. Where anything differs nothing is kept. The SQLite file stays as it is, ' +
    'with a mark beside it, so that no server goes on with it by mistake. Kiosks notice nothing but the pause.',
  examples: [
    'DATABASE_URL=postgres://tessera@db/tessera tessera migrate-to-postgres --data ./data --dry-run',
    'tessera migrate-to-postgres --data ./data --to postgres://tessera@db/tessera',
  ],
  reach: 'data',
  options: [
    { flags: '--to <url>', about: 'the empty database (or DATABASE_URL)' },
    { flags: '--dry-run', about: 'count what would go over, and change nothing; the server may run' },
  ],
  input: z.object({ to: z.string().max(2_000).optional(), dryRun }),
  async run(context, { to, dryRun: isDry }) {
    const address = to ?? postgresOf(context.io.env);
    if (context.dataDir === undefined) return err(problem('malformed', { detail: 'Say whose data: --data DIR.' }));
    if (address === undefined || !isPostgresAddress(address)) {
      return err(problem('malformed', { detail: 'Say where to: --to postgres://user@host/database.' }));
    }
    const file = serverFiles(context.dataDir).database;
    if (!existsSync(file)) return err(problem('not_found', { detail: `There is no database at ${file}.` }));
    const where = readAddresses(address).map(shown).join(', ');
    if (isDry) {
      const counted = countRows(file);
      return ok(
        outputOf(counted, undefined, `${String(counted.rows)} rows would go to ${where}. Nothing was changed.`),
      );
    }
    let letGo: () => void;
    try {
      letGo = ownAlone(join(dirname(file), 'server.lock'));
    } catch {
      return refused('The server is running on this data. Stop it first; nothing was changed.');
    }
    try {
      const moved = await move(context, file, readAddresses(address)[0] ?? address);
      if (!moved.ok) return moved;
      const { check, ...rest } = moved.value;
      markMoved(dirname(file), context.io.clock.nowMs());
      const last = `${String(rest.rows)} rows are at ${where}. Start the servers with DATABASE_URL.`;
      return ok(outputOf(rest, check, last));
    } finally {
      letGo();
    }
  },
});
