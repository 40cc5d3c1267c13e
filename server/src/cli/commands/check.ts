import { existsSync } from 'node:fs';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { checkBooks } from '../../features/check/index.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { defineCommand, type CommandSpec, type Context, type Output } from '../command.ts';
import { postgresOf, serverFiles } from '../target.ts';
import { table, timeText } from '../table.ts';

const report = z.object({
  ok: z.boolean(),
  checkedAt: z.number(),
  checks: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      ok: z.boolean().nullable(),
      rows: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
});
type Report = z.output<typeof report>;

/** Reads the books beside a server, running or not; nothing is written. */
async function checkBeside(context: Context, dataDir: string): Promise<Result<Report, Problem>> {
  const file = serverFiles(dataDir).database;
  const address = postgresOf(context.io.env);
  if (address === undefined && !existsSync(file)) {
    return err(problem('not_found', { detail: `There is no database at ${file}. On PostgreSQL, set DATABASE_URL.` }));
  }
  const database = openDatabase(address ?? file, { readonly: true });
  try {
    return ok(report.parse(await checkBooks(database.db, context.io.clock.nowMs())));
  } finally {
    await database.close();
  }
}

async function checkServer(context: Context): Promise<Result<Report, Problem>> {
  const api = context.api();
  return api.ok ? api.value.get('/v1/check', report) : api;
}

const verdict = (holds: boolean | null): string => (holds === null ? 'not checked' : holds ? 'holds' : 'BROKEN');

function outputOf(found: Report): Output {
  const drawn = table(
    found.checks,
    [
      { title: 'verdict', value: (row) => verdict(row.ok) },
      { title: 'check', value: (row) => row.name },
      { title: 'what must hold', value: (row) => row.about },
    ],
    'Nothing to check.',
  );
  const rows = found.checks
    .filter((check) => check.ok === false)
    .map((check) => `\n${check.name}:\n${check.rows.map((row) => `  ${JSON.stringify(row)}`).join('\n')}`);
  const last = found.ok ? 'Everything holds.' : 'Some promises are broken; the rows above break them.';
  const text = [drawn, ...rows, '', `${last} Checked at ${timeText(found.checkedAt)}.`].join('\n');
  return { json: found, text, failed: !found.ok };
}

export const check: CommandSpec = defineCommand({
  name: 'check',
  summary: 'verify every invariant on the live books',
  about:
    'Every ledger transaction sums to zero, balances equal their postings, stock equals its movements, each redemption ' +
    'ended at most once, the audit chain verifies, and more. With --data the database (or that of DATABASE_URL) is ' +
    'read beside the server; ' +
    'with --url the server checks itself. Ends with 1 and the rows where something does not hold.',
  examples: ['tessera check --data ./data', 'tessera check --url http://127.0.0.1:4100 --token "$TOKEN" --json'],
  reach: 'server',
  input: z.object({ url: z.string().optional() }),
  async run(context, { url }) {
    const beside = url === undefined ? context.dataDir : undefined;
    const found = beside === undefined ? await checkServer(context) : await checkBeside(context, beside);
    return found.ok ? ok(outputOf(found.value)) : found;
  },
});
