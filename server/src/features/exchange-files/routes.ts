import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, decodeNumber, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRawRoute, defineRoute, type Route } from '../../platform/openapi/route.ts';
import { cursorOf, keyOf } from './exports/cursor.ts';
import { exportMedia, writePage } from './exports/files.ts';
import { exportTables } from './exports/kinds.ts';
import { exportPage } from './exports/page.ts';
import type { Imports } from './imports.ts';
import { readLines } from './lines.ts';
import * as schema from './schemas.ts';
import * as store from './store.ts';

const TAG = 'Import and export';
const NDJSON = 'application/x-ndjson';
const PIECE_BYTES = 1024 * 1024;

const viewImport = (row: store.ImportRow): z.input<typeof schema.importView> => ({
  importId: row.import_id,
  kind: row.kind as z.input<typeof schema.importView>['kind'],
  name: row.name,
  dryRun: row.dry_run === 1,
  state: row.state,
  lines: row.lines,
  taken: row.taken,
  repeated: row.repeated,
  refused: row.refused,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

/** Doors through which many rows come and go. */
export const exchangeFileRoutes = (imports: Imports, db: Db): Route[] => [
  ...writeRoutes(imports, db),
  ...readRoutes(db),
  exportRoute(db),
];

const writeRoutes = (imports: Imports, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/imports',
    tag: TAG,
    summary: 'Begin to take a file in',
    about:
      'Its lines follow in pieces; see `PUT /v1/imports/{importId}/lines/{from}`. `tessera import` does all of it.',
    roles: ['admin'],
    body: schema.importBody,
    answer: schema.importView,
    handle: ({ body, command }) =>
      command('imports.begin', async (tx) => ok(viewImport(await imports.begin(tx, body)))),
  }),
  defineRawRoute({
    method: 'put',
    path: '/v1/imports/{importId}/lines/{from}',
    tag: TAG,
    summary: 'Send the next lines',
    about:
      'Newline-delimited JSON, at most 1 MiB; `from` is the number of the first line. Each line is taken or refused for itself. The number makes a piece count once, so no key is asked for: after a lost answer send it again.',
    roles: ['admin'],
    idempotency: 'none',
    params: schema.linesParams,
    consumes: { mediaTypes: [NDJSON], limitBytes: PIECE_BYTES },
    answer: schema.importView,
    refusals: ['not_found', 'conflict'],
    handle: async ({ params, body, actor }) => {
      const lines = readLines(body?.bytes ?? Buffer.alloc(0));
      return mapped(await imports.take(db, actor, { ...params, lines }), viewImport);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/imports/{importId}/end',
    tag: TAG,
    summary: 'Say that there are no more lines',
    roles: ['admin'],
    status: 200,
    params: idParams('importId'),
    answer: schema.importView,
    refusals: ['not_found'],
    handle: ({ params, command }) =>
      command('imports.end', async (tx) => mapped(await imports.end(tx, params.importId), viewImport)),
  }),
];

const readRoutes = (db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/imports',
    tag: TAG,
    summary: 'Imports, newest first',
    roles: ['admin'],
    query: pageQuery,
    answer: pageOf(schema.importView),
    handle: async ({ query: { limit, cursor } }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await store.listImports(db, { limit, ...before });
      return ok(cutPage(rows.map(viewImport), limit, ({ importId }) => importId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/imports/{importId}',
    tag: TAG,
    summary: 'How far an import has come',
    roles: ['admin'],
    params: idParams('importId'),
    answer: schema.importView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await store.importById(db, params.importId);
      return row ? ok(viewImport(row)) : err(problem('not_found'));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/imports/{importId}/refusals',
    tag: TAG,
    summary: 'The lines that were refused, and why',
    roles: ['admin'],
    params: idParams('importId'),
    query: pageQuery,
    answer: pageOf(schema.importedLine),
    refusals: ['not_found'],
    handle: async ({ params, query: { limit, cursor } }) => {
      if (!(await store.importById(db, params.importId))) return err(problem('not_found'));
      const rows = await store.refusalsAfter(db, params.importId, decodeNumber(cursor) ?? 0, limit);
      const items = rows.map(({ line, problem: text }) => ({ line, problem: JSON.parse(text) as Problem }));
      return ok(cutPage(items, limit, ({ line }) => String(line)));
    },
  }),
];

const noCursor = problem('invalid_fields', { fields: { '/cursor': 'Send the `X-Next-Cursor` of a page as it is.' } });

const exportRoute = (db: Db): Route =>
  defineRawRoute({
    method: 'get',
    path: '/v1/exports/{kind}',
    tag: TAG,
    summary: 'Rows as newline-delimited JSON or CSV',
    about:
      'In the order of their ids. Where there are more, the header `X-Next-Cursor` leads to the next page; `tessera export` follows it. The header line of CSV (RFC 4180) is on the first page only, so that pages can be put one behind the other. A text in a cell that a spreadsheet would take for a formula, or that begins with an apostrophe, has an apostrophe before it.',
    roles: ['admin'],
    params: schema.exportParams,
    query: schema.exportQuery,
    produces: Object.values(exportMedia),
    handle: async ({ params: { kind }, query: { limit, cursor, format } }) => {
      const table = exportTables[kind];
      const after = cursor === undefined ? undefined : keyOf(table, cursor);
      if (cursor !== undefined && !after) return err(noCursor);
      const page = await exportPage(db, table, after, limit);
      const bytes = Buffer.from(writePage(format, table, page, after === undefined));
      const next = page.next === null ? {} : { 'X-Next-Cursor': cursorOf(page.next) };
      return ok({ mediaType: exportMedia[format], bytes, headers: { 'Cache-Control': 'no-store', ...next } });
    },
  });
