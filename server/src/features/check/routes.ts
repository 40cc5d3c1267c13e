import type { Clock } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { atMs } from '../../platform/openapi/fields.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { checkBooks } from './check.ts';

const reportView = z
  .object({
    ok: z.boolean().describe('True where nothing is broken.'),
    checkedAt: atMs,
    checks: z.array(
      z.object({
        name: z.string(),
        about: z.string().describe('What must hold.'),
        ok: z.boolean().nullable().describe('Null: this release cannot check it yet; `about` says why.'),
        rows: z.array(z.record(z.string(), z.unknown())).describe('The rows that break it.'),
      }),
    ),
  })
  .meta({ id: 'CheckReport' });

/** The door to the check. */
export const checkRoutes = (db: Db, clock: Clock): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/check',
    tag: 'Operations',
    summary: 'Verify every invariant on the live books',
    about: 'Reads everything in one transaction, so it is not for polling. Commands wait until it is done.',
    roles: ['admin'],
    answer: reportView,
    handle: async () => {
      const { checks, ...report } = await checkBooks(db, clock.nowMs());
      return ok({ ...report, checks: checks.map((check) => ({ ...check, rows: [...check.rows] })) });
    },
  }),
];
