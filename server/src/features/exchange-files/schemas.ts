import { problemSchema } from '@tessera/shared/problem';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import { exportFormats, exportKinds, importKinds } from './names.ts';

export const importBody = z.strictObject({
  kind: z.enum(importKinds),
  name: line(200).describe('What the file is called, for people.'),
  dryRun: z.boolean().default(false).describe('Every line is tried, alone, and undone.'),
});

export const importView = z
  .object({
    importId: ulidSchema,
    kind: z.enum(importKinds),
    name: z.string(),
    dryRun: z.boolean(),
    state: z.enum(['open', 'ended']),
    lines: z.int().describe('Dealt with so far; the next line has this number plus one.'),
    taken: z.int(),
    repeated: z.int().describe('Were there already.'),
    refused: z.int(),
    startedAt: atMs,
    endedAt: atMs.nullable(),
  })
  .meta({ id: 'Import' });

export const importedLine = z.object({ line: z.int(), problem: problemSchema });

export const linesParams = z.object({
  importId: ulidSchema,
  from: z.coerce.number().int().min(1).max(1_000_000_000_000),
});

const MAX_EXPORT = 5000;
export const exportParams = z.object({ kind: z.enum(exportKinds) });
export const exportQuery = z.object({
  format: z.enum(exportFormats).default('ndjson'),
  limit: z.coerce.number().int().min(1).max(MAX_EXPORT).default(1000).describe('At most so many rows.'),
  cursor: z
    .string()
    .max(500)
    .regex(/^[0-9A-Za-z_-]+$/)
    .optional()
    .describe('The `X-Next-Cursor` of the page before; absent for the first page.'),
});
