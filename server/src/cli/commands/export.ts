import { open, type FileHandle } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { exportFormats, exportKinds, type ExportFormat } from '../../features/exchange-files/names.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { RowCounter } from '../files/rows.ts';
import { text } from '../inputs.ts';
import { facts } from '../table.ts';

const KINDS = exportKinds.join(', ');
const PAGE = 5000;

async function create(file: string): Promise<Result<FileHandle, Problem>> {
  try {
    return ok(await open(file, 'wx'));
  } catch {
    return err(
      problem('malformed', { detail: `${file} cannot be made: nothing is overwritten, and its folder must exist.` }),
    );
  }
}

/** Copies page after page into a file; answers how many rows. */
async function copy(
  api: Api,
  { kind, format }: { kind: string; format: ExportFormat },
  to: FileHandle,
  progress: (rows: number) => void,
): Promise<Result<number, Problem>> {
  const counter = new RowCounter(format);
  let cursor: string | undefined;
  do {
    const page = await api.page(`/v1/exports/${kind}`, { format, limit: PAGE, cursor });
    if (!page.ok) return page;
    await to.write(page.value.bytes);
    counter.read(page.value.bytes);
    cursor = page.value.nextCursor;
    progress(counter.rows);
  } while (cursor !== undefined);
  await to.sync();
  return ok(counter.rows);
}

export const exportCommand: CommandSpec = defineCommand({
  name: 'export',
  summary: 'write rows into a file, as JSON documents or CSV',
  about:
    `What there is: ${KINDS}. Times are milliseconds since the epoch, amounts whole points and minor units. ` +
    'ndjson: one JSON document a line. csv: one header line; a text that a spreadsheet would take for a formula, or that ' +
    'begins with an apostrophe, has an apostrophe before it.',
  examples: [
    'tessera export accruals --to accruals.ndjson --data ./data',
    'tessera export money-postings --format csv --to postings.csv --data ./data',
    'tessera export members --to members.ndjson --data ./data --json',
  ],
  reach: 'server',
  arguments: [{ name: 'kind', about: 'which rows' }],
  options: [
    { flags: '--to <file>', about: 'the file to make' },
    { flags: '--format <format>', about: `${exportFormats.join(' or ')} (ndjson)` },
  ],
  input: z.object({
    kind: z.enum(exportKinds, `What there is: ${KINDS}.`),
    to: text('Say where to: --to FILE.', 1000),
    format: z.enum(exportFormats, `The format is ${exportFormats.join(' or ')}.`).default('ndjson'),
  }),
  async run(context, { to, ...what }) {
    const api = context.api();
    if (!api.ok) return api;
    const file = await create(to);
    if (!file.ok) return file;
    try {
      const rows = await copy(api.value, what, file.value, (sofar) => {
        context.progress(`${String(sofar)} rows`);
      });
      if (!rows.ok) return rows;
      return ok({
        json: { ...what, file: to, rows: rows.value },
        text: facts([
          ['file', to],
          ['rows', rows.value],
        ]),
      });
    } finally {
      await file.value.close();
    }
  },
});
