import type { Problem } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { piecesOf } from './pieces.ts';

export const importState = z.looseObject({
  importId: z.string(),
  kind: z.string(),
  name: z.string(),
  dryRun: z.boolean(),
  state: z.enum(['open', 'ended']),
  lines: z.number(),
  taken: z.number(),
  repeated: z.number(),
  refused: z.number(),
});
export type ImportState = z.output<typeof importState>;

/**
 * Sends the lines of a file that an import has not dealt with, piece by piece, and ends it.
 * @param progress told after every piece
 */
export async function sendFile(
  api: Api,
  begun: ImportState,
  file: string,
  progress: (state: ImportState) => void,
): Promise<Result<ImportState, Problem>> {
  const path = `/v1/imports/${begun.importId}`;
  for await (const { from, bytes } of piecesOf(file, begun.lines)) {
    const upload = { type: 'application/x-ndjson', bytes: Uint8Array.from(bytes) };
    const sent = await api.upload(`${path}/lines/${String(from)}`, importState, upload, `lines-${String(from)}`);
    if (!sent.ok) return sent;
    progress(sent.value);
  }
  const ended = await api.post(`${path}/end`, importState, undefined, `end-${begun.importId}`);
  return ended.ok ? ok(ended.value) : ended;
}
