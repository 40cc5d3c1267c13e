import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Adjustments } from './adjustments.ts';
import * as schema from './schemas.ts';
import { listAdjustments } from './store.ts';

const TAG = 'Points';
const one = z.object({ memberId: memberIdSchema, adjustmentId: ulidSchema });

/** Two staff set points right: one door for each step. */
export const adjustmentRoutes = (adjustments: Adjustments, db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/point-adjustments',
    tag: TAG,
    summary: 'Changes of points by hand, newest first',
    roles: ['admin'],
    query: pageQuery.extend({
      memberId: z.optional(memberIdSchema),
      state: z.enum(schema.adjustmentStates).optional(),
    }),
    answer: pageOf(schema.adjustmentView),
    handle: async ({ query: { limit, cursor, memberId, state } }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await listAdjustments(db, { limit, memberId, state, ...before });
      return ok(cutPage(rows.map(schema.viewAdjustment), limit, (row) => row.adjustmentId));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/point-adjustments',
    tag: TAG,
    summary: 'Propose to give or take points by hand',
    about: 'Nothing moves until a second person confirms it.',
    roles: ['admin'],
    params: z.object({ memberId: memberIdSchema }),
    body: schema.adjustBody,
    answer: schema.adjustmentView,
    refusals: ['not_found', 'invalid_fields'],
    handle: ({ params, body, command }) =>
      command('adjustments.propose', async (tx) =>
        mapped(await adjustments.propose(tx, { ...params, ...body }), schema.viewAdjustment),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/point-adjustments/{adjustmentId}/confirmation',
    tag: TAG,
    summary: 'Confirm the proposal of another person',
    roles: ['admin'],
    status: 200,
    params: one,
    answer: schema.adjustmentView,
    refusals: ['not_found', 'second_person_required', 'already_resolved', 'insufficient_points'],
    handle: ({ params: { memberId, adjustmentId }, command }) =>
      command('adjustments.confirm', async (tx) =>
        mapped(await adjustments.confirm(tx, memberId, adjustmentId), schema.viewAdjustment),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/point-adjustments/{adjustmentId}/withdrawal',
    tag: TAG,
    summary: 'Take a proposal back',
    roles: ['admin'],
    status: 200,
    params: one,
    answer: schema.adjustmentView,
    refusals: ['not_found', 'already_resolved'],
    handle: ({ params: { memberId, adjustmentId }, command }) =>
      command('adjustments.withdraw', async (tx) =>
        mapped(await adjustments.withdraw(tx, memberId, adjustmentId), schema.viewAdjustment),
      ),
  }),
];
