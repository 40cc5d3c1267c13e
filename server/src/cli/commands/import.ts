import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { problem, problemSchema, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { importKinds } from '../../features/exchange-files/names.ts';
import { defineCommand, type CommandSpec, type Context } from '../command.ts';
import { importState, sendFile, type ImportState } from '../files/send.ts';
import { dryRun, text, ulid } from '../inputs.ts';
import { facts } from '../table.ts';

const refusedLine = z.object({ line: z.number(), problem: problemSchema });
const page = z.object({ items: z.array(refusedLine), nextCursor: z.string().nullable() });
const kind = z.enum(importKinds, `What can be taken in: ${importKinds.join(', ')}.`);

type Wanted = {
  readonly kind: z.output<typeof kind>;
  readonly file: string;
  readonly resume?: string | undefined;
  readonly dryRun?: boolean | undefined;
};

const begin = (context: Context, api: Api, wanted: Wanted): Promise<Result<ImportState, Problem>> =>
  wanted.resume === undefined
    ? api.post(
        '/v1/imports',
        importState,
        { kind: wanted.kind, name: basename(wanted.file), dryRun: wanted.dryRun ?? false },
        context.newKey(),
      )
    : api.get(`/v1/imports/${wanted.resume}`, importState);

/** Writes the refused lines into a file, a page at a time. */
async function writeReport(api: Api, importId: string, file: string): Promise<Result<null, Problem>> {
  const report = await open(file, 'wx');
  try {
    let cursor: string | undefined;
    do {
      const answer = await api.get(`/v1/imports/${importId}/refusals`, page, { limit: 200, cursor });
      if (!answer.ok) return answer;
      await report.write(answer.value.items.map((item) => `${JSON.stringify(item)}\n`).join(''));
      cursor = answer.value.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return ok(null);
  } finally {
    await report.close();
  }
}

function unusable({ file, report }: { file: string; report?: string | undefined }): Problem | undefined {
  if (!existsSync(file)) return problem('malformed', { detail: `${file} cannot be read. Nothing was sent.` });
  if (report !== undefined && existsSync(report))
    return problem('malformed', { detail: `${report} is there already. Nothing was sent.` });
  return undefined;
}

/** A line on stderr for each piece would scroll past: one a second is enough. */
function sparingly(context: Context, begunAt: number): (state: ImportState) => void {
  let said = begunAt;
  return ({ lines, refused }) => {
    const now = context.io.clock.monotonicMs();
    if (now - said < 1000) return;
    said = now;
    const perSecond = Math.round((lines * 1000) / (now - begunAt));
    context.progress(`${String(lines)} lines, ${String(refused)} refused, ${String(perSecond)} a second`);
  };
}

export const importCommand: CommandSpec = defineCommand({
  name: 'import',
  summary: 'take in a file of sales or members, one JSON document a line',
  about:
    'A sale: {"merchantId": …, "member": {"memberId": …}, "reference": …, "amountMinor": …, "currency": …}, as tills send it, ' +
    'with soldAt for its day. A member: {"name": …, "language": …, "address": {"kind": "email", "value": …}}. ' +
    'Every line is taken or refused for itself; a line that was taken before changes nothing. What was broken off goes on with ' +
    '--resume. --dry-run tries each line alone and undoes it.',
  examples: [
    'tessera import accruals sales.ndjson --dry-run --report wrong.ndjson --data ./data',
    'tessera import members people.ndjson --data ./data --json',
  ],
  reach: 'server',
  arguments: [
    { name: 'kind', about: importKinds.join(' or ') },
    { name: 'file', about: 'newline-delimited JSON' },
  ],
  options: [
    { flags: '--report <file>', about: 'where the refused lines go, with their numbers and reasons' },
    { flags: '--resume <importId>', about: 'go on with an import that was broken off' },
    { flags: '--dry-run', about: 'try every line and change nothing' },
  ],
  input: z.object({
    kind,
    file: text('Say which file.', 1000),
    report: text('Say where the report goes.', 1000).optional(),
    resume: ulid('import').optional(),
    dryRun,
  }),
  async run(context, wanted) {
    const api = context.api();
    if (!api.ok) return api;
    const refusal = unusable(wanted);
    if (refusal) return err(refusal);
    const begun = await begin(context, api.value, wanted);
    if (!begun.ok) return begun;
    context.progress(`Import ${begun.value.importId}; should it break off: --resume ${begun.value.importId}`);
    const say = sparingly(context, context.io.clock.monotonicMs());
    const done = await sendFile(api.value, begun.value, wanted.file, say);
    if (!done.ok) return done;
    const { importId, lines, taken, repeated, refused } = done.value;
    if (wanted.report !== undefined) {
      const written = await writeReport(api.value, importId, wanted.report);
      if (!written.ok) return written;
    }
    return ok({
      json: done.value,
      failed: refused > 0,
      text: facts([
        ['import', importId],
        ['lines', lines],
        [done.value.dryRun ? 'would be taken' : 'taken', taken],
        ['were there before', repeated],
        ['refused', refused],
      ]),
    });
  },
});
