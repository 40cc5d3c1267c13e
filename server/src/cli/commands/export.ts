import { open, type FileHandle } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { text } from '../inputs.ts';
import { facts } from '../table.ts';

const kinds = ['accruals', 'accrual-lines', 'refunds', 'members', 'balances', 'merchants', 'earning-rules'] as const;
const PAGE = 5000;
const LINE_FEED = 10;

async function create(file: string): Promise<Result<FileHandle, Problem>> {
  try {
    return ok(await open(file, 'wx'));
  } catch {
    return err(
      problem('malformed', { detail: `${file} cannot be made: nothing is overwritten, and its folder must exist.` }),
    );
  }
}

/** Copies page after page into a file; answers how many lines. */
async function copy(
  api: Api,
  kind: string,
  to: FileHandle,
  progress: (lines: number) => void,
): Promise<Result<number, Problem>> {
  let lines = 0;
  let cursor: string | undefined;
  do {
    const page = await api.page(`/v1/exports/${kind}`, { limit: PAGE, cursor });
    if (!page.ok) return page;
    await to.write(page.value.bytes);
    for (const byte of page.value.bytes) if (byte === LINE_FEED) lines += 1;
    cursor = page.value.nextCursor;
    progress(lines);
  } while (cursor !== undefined);
  await to.sync();
  return ok(lines);
}

export const exportCommand: CommandSpec = defineCommand({
  name: 'export',
  summary: 'write rows into a file, one JSON document a line',
  about: `What there is: ${kinds.join(', ')}. Times are milliseconds since the epoch, amounts whole points and minor units.`,
  examples: [
    'tessera export accruals --to accruals.ndjson --data ./data',
    'tessera export members --to members.ndjson --data ./data --json',
  ],
  reach: 'server',
  arguments: [{ name: 'kind', about: kinds.join(', ') }],
  options: [{ flags: '--to <file>', about: 'the file to make' }],
  input: z.object({
    kind: z.enum(kinds, `What there is: ${kinds.join(', ')}.`),
    to: text('Say where to: --to FILE.', 1000),
  }),
  async run(context, { kind, to }) {
    const api = context.api();
    if (!api.ok) return api;
    const file = await create(to);
    if (!file.ok) return file;
    try {
      const lines = await copy(api.value, kind, file.value, (sofar) => {
        context.progress(`${String(sofar)} lines`);
      });
      if (!lines.ok) return lines;
      return ok({
        json: { kind, file: to, lines: lines.value },
        text: facts([
          ['file', to],
          ['lines', lines.value],
        ]),
      });
    } finally {
      await file.value.close();
    }
  },
});
