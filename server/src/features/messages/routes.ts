import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { atMs } from '../../platform/openapi/fields.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { listMessages } from './store.ts';

const messageView = z
  .object({
    messageId: ulidSchema,
    memberId: z.nullable(memberIdSchema),
    channel: z.enum(['email', 'phone', 'inbox']),
    to: z.string(),
    kind: z.string(),
    subject: z.string(),
    body: z.string(),
    state: z.enum(['queued', 'sent', 'failed']),
    createdAt: atMs,
    sentAt: atMs.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Message' });

/** The mailbox, as staff read it. */
export const messageRoutes = (db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/messages',
    tag: 'Messages',
    summary: 'Messages to people, newest first',
    about: 'All that was written to members and applicants, with its delivery state.',
    roles: ['admin'],
    query: pageQuery.extend({ memberId: z.optional(memberIdSchema) }),
    answer: pageOf(messageView),
    handle: async ({ query: { limit, cursor, memberId } }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await listMessages(db, { limit, memberId, ...before });
      const page = cutPage(rows, limit, (row) => row.message_id);
      const items = page.items.map((row) => ({
        messageId: row.message_id,
        memberId: row.member_id,
        channel: row.channel,
        to: row.address,
        kind: row.kind,
        subject: row.subject,
        body: row.body,
        state: row.state,
        createdAt: row.created_at,
        sentAt: row.sent_at,
        error: row.error,
      }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
];
