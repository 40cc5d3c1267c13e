import { existsSync } from 'node:fs';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { makeBackup } from '../backup/make.ts';
import { examineRestore, restoreBackup } from '../backup/restore.ts';
import { defineCommand, type CommandSpec, type Context } from '../command.ts';
import { confirm } from '../confirm.ts';
import { dangerousOptions, dryRun, text, yes } from '../inputs.ts';
import { facts, timeText } from '../table.ts';
import { postgresOf, serverFiles } from '../target.ts';

/** The database below `--data`; a refusal where no directory is named, or the books are not in it. */
function databaseOf(context: Context, instead: string): Result<string, Problem> {
  if (postgresOf(context.io.env) !== undefined) return err(problem('conflict', { detail: instead }));
  if (context.dataDir === undefined) return err(problem('malformed', { detail: 'Say whose data: --data DIR.' }));
  return ok(serverFiles(context.dataDir).database);
}

const WITH_PG_DUMP =
  'These books are in PostgreSQL (DATABASE_URL), which makes its own backups: pg_dump --format=custom --file=FILE ' +
  '"$DATABASE_URL", or pg_basebackup with the archive of its log. Nothing was copied.';
const WITH_PG_RESTORE =
  'These books are in PostgreSQL (DATABASE_URL). Stop every server, restore with pg_restore into an empty database, then ' +
  'begin a new ledger epoch there: docs/postgresql.md says how. Nothing was changed.';

export const backup: CommandSpec = defineCommand({
  name: 'backup',
  summary: 'copy the whole server into one file, while it runs',
  about:
    'Points, stock, redemptions, members, pictures, keys and mailbox are in it: keep it as carefully as the server. ' +
    'The copy is examined before it gets its name; FILE.json beside it holds its hash. Nothing is overwritten. ' +
    'This is for the embedded database: on PostgreSQL it says so, and names pg_dump.',
  examples: [
    'tessera backup --data ./data --to backups/2026-11-21.db',
    'tessera backup --data ./data --to /mnt/usb/tessera.db --json',
  ],
  reach: 'data',
  options: [{ flags: '--to <file>', about: 'the file to make' }],
  input: z.object({ to: text('Say where to: --to FILE.', 1000) }),
  async run(context, { to }) {
    const database = databaseOf(context, WITH_PG_DUMP);
    if (!database.ok) return database;
    if (!existsSync(database.value)) {
      return err(problem('not_found', { detail: `There is no database at ${database.value}.` }));
    }
    let said = -1;
    const made = await makeBackup({
      database: database.value,
      to,
      nowMs: context.io.clock.nowMs(),
      progress({ totalPages, remainingPages }) {
        const tenths = totalPages === 0 ? 10 : Math.floor((10 * (totalPages - remainingPages)) / totalPages);
        if (tenths !== said) context.progress(`Copied ${String(tenths * 10)} %`);
        said = tenths;
      },
    });
    if (!made.ok) return made;
    return ok({
      json: made.value,
      text: facts([
        ['backup', made.value.file],
        ['bytes', made.value.bytes],
        ['sha256', made.value.sha256],
        ['made at', timeText(made.value.madeAt)],
      ]),
    });
  },
});

export const restore: CommandSpec = defineCommand({
  name: 'restore',
  summary: 'put a backup in the place of the database; the server must be stopped',
  about:
    'The backup is examined first. The present database is moved aside, not deleted. A new ledger epoch begins: kiosks ' +
    'then replay what they handed out since the backup was made, so that nothing that left a machine is forgotten.',
  examples: [
    'tessera restore --from backups/2026-11-21.db --data ./data --dry-run',
    'tessera restore --from backups/2026-11-21.db --data ./data --yes',
  ],
  reach: 'data',
  options: [{ flags: '--from <file>', about: 'the backup' }, ...dangerousOptions],
  input: z.object({ from: text('Say from which backup: --from FILE.', 1000), dryRun, yes }),
  async run(context, input) {
    const database = databaseOf(context, WITH_PG_RESTORE);
    if (!database.ok) return database;
    const { clock, chance } = context.io;
    const order = { from: input.from, database: database.value, clock, chance, progress: context.progress };
    const looked = await examineRestore(order);
    if (!looked.ok) return looked;
    const age = looked.value.madeAt === null ? '' : `, made at ${timeText(looked.value.madeAt)},`;
    const sentence = `The backup ${input.from}${age} takes the place of ${database.value}; what happened since then is forgotten, except what kiosks replay.`;
    const asked = await confirm(context, { sentence, dryRun: input.dryRun, yes: input.yes });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    const done = await restoreBackup(order);
    if (!done.ok) return done;
    return ok({
      json: done.value,
      text: facts([
        ['database', done.value.database],
        ['ledger epoch', done.value.ledgerEpoch],
        ['old database', done.value.before ?? 'there was none'],
      ]),
    });
  },
});
