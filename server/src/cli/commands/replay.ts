import { existsSync } from 'node:fs';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import { replayPoints, type ReplayReport } from '../../features/ledger/index.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { defineCommand, type CommandSpec, type Output } from '../command.ts';
import { serverFiles } from '../target.ts';
import { facts, table } from '../table.ts';

const PROGRESS_EVERY = 10_000;

function outputOf(report: ReplayReport): Output {
  const { ok: holds, members, transactions, postings, lots, differences } = report;
  const head = facts([
    ['members', members],
    ['transactions', transactions],
    ['postings', postings],
    ['lots', lots],
  ]);
  const drawn = table(
    differences,
    [
      { title: 'member', value: (row) => row.memberId },
      { title: 'what', value: (row) => row.what },
      { title: 'books', value: (row) => row.books, right: true },
      { title: 'postings', value: (row) => row.postings, right: true },
    ],
    'Balances, lots and holds are what their postings say.',
  );
  return { json: report, text: `${head}\n\n${drawn}`, failed: !holds };
}

export const replay: CommandSpec = defineCommand({
  name: 'replay',
  summary: 'rebuild balances and lots from postings and compare',
  about:
    'Reads every posting of every member, beside the server, running or not, and compares what it rebuilds with the ' +
    'balances, lots and holds that are stored. Nothing is written. Ends with 1 and the differences where there are any.',
  examples: ['tessera replay --data ./data', 'tessera replay --data ./data --json'],
  reach: 'data',
  input: z.object({}),
  async run(context) {
    const { dataDir, progress } = context;
    if (dataDir === undefined) return err(problem('malformed', { detail: 'Say whose data: --data DIR.' }));
    const file = serverFiles(dataDir).database;
    if (!existsSync(file)) return err(problem('not_found', { detail: `There is no database at ${file}.` }));
    const database = openDatabase(file, { readonly: true });
    try {
      let told = 0;
      const report = await replayPoints(database.db, (members) => {
        if (members - told < PROGRESS_EVERY) return;
        told = members;
        progress(`${String(members)} members replayed`);
      });
      return ok(outputOf(report));
    } finally {
      await database.close();
    }
  },
});
