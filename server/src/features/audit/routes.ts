import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeNumber, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { atMs, line } from '../../platform/openapi/fields.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { auditBefore, type AuditRow } from './store.ts';

const auditView = z
  .object({
    seq: z.int(),
    at: atMs,
    actor: z.string().describe('`admin:<id>`, `terminal:<id>`, `kiosk:<id>`, `job:<name>`, `public` or `cli`.'),
    action: z.string(),
    subject: z.string(),
    facts: z.record(z.string(), z.unknown()).describe('Personal values are in it as salted digests only.'),
    hash: z.string().nullable(),
  })
  .meta({ id: 'AuditLine' });

const viewLine = (row: AuditRow): z.input<typeof auditView> => ({
  seq: row.seq,
  at: row.at,
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  facts: z.record(z.string(), z.unknown()).parse(JSON.parse(row.facts)),
  hash: row.hash,
});

/** The door to the audit chain. */
export const auditRoutes = (db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/audit',
    tag: 'Operations',
    summary: 'Who did what, newest first',
    about: 'Every command that changed something, chained by hash; `/v1/check` verifies the chain.',
    roles: ['admin'],
    query: pageQuery.extend({ subject: line(120).optional().describe('Such as `redemption:<id>`.') }),
    answer: pageOf(auditView),
    handle: async ({ query: { limit, cursor, subject } }) => {
      const rows = await auditBefore(db, { subject, before: decodeNumber(cursor), limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => String(row.seq));
      return ok({ ...page, items: page.items.map(viewLine) });
    },
  }),
];
