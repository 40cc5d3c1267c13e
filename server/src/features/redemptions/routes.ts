import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { kioskIdSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped, withoutUndefined } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Resolutions } from './resolutions.ts';
import * as schema from './schemas.ts';
import type { Redemptions } from './service.ts';

const TAG = 'Redemptions';
const redemptionParams = idParams('redemptionId');

export interface RedemptionRouteParts {
  readonly redemptions: Redemptions;
  readonly resolutions: Resolutions;
  readonly db: Db;
}

/** Doors to redemptions: their timeline, and the two staff who end what nobody could prove. */
export const redemptionRoutes = (parts: RedemptionRouteParts): Route[] => [
  ...readRoutes(parts),
  ...resolutionRoutes(parts),
  ...discrepancyRoutes(parts),
];

const readRoutes = ({ redemptions, resolutions, db }: RedemptionRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/redemptions',
    tag: TAG,
    summary: 'Redemptions, newest first',
    roles: ['admin'],
    query: pageQuery.extend({
      state: schema.bookState.optional(),
      kioskId: z.optional(kioskIdSchema),
      memberId: z.optional(memberIdSchema),
      kind: z.enum(['walk_up', 'pickup']).optional(),
    }),
    answer: pageOf(schema.redemptionView),
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      const rows = await redemptions.list(db, { ...withoutUndefined({ ...filter, before }), limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => row.redemption_id);
      return ok({ ...page, items: page.items.map(schema.viewRedemption) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/redemptions/{redemptionId}',
    tag: TAG,
    summary: 'One redemption with its timeline',
    roles: ['admin'],
    params: redemptionParams,
    answer: schema.redemptionDetail,
    refusals: ['not_found'],
    handle: async ({ params: { redemptionId } }) => {
      const row = await redemptions.find(db, redemptionId);
      if (!row) return err(problem('not_found'));
      const events = (await redemptions.timeline(db, redemptionId)).map(schema.viewEvent);
      const proposals = (await resolutions.of(db, redemptionId)).map(schema.viewResolution);
      return ok({ ...schema.viewRedemption(row), events, resolutions: proposals });
    },
  }),
];

const resolutionRoutes = ({ resolutions }: RedemptionRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/redemptions/{redemptionId}/resolutions',
    tag: TAG,
    summary: 'Propose how a redemption in doubt ended',
    about: 'Nothing moves until a second person confirms it.',
    roles: ['admin'],
    params: redemptionParams,
    body: schema.proposeBody,
    answer: schema.resolutionView,
    refusals: ['not_found', 'conflict', 'already_resolved'],
    handle: ({ params, body, command }) =>
      command('redemptions.propose', async (tx) =>
        mapped(
          await resolutions.propose(tx, params.redemptionId, { verdict: body.outcome, reason: body.reason }),
          schema.viewResolution,
        ),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/redemptions/{redemptionId}/resolutions/{resolutionId}/confirmation',
    tag: TAG,
    summary: 'Confirm the proposal of another person',
    roles: ['admin'],
    status: 200,
    params: z.object({ redemptionId: ulidSchema, resolutionId: ulidSchema }),
    answer: schema.resolutionView,
    refusals: ['not_found', 'second_person_required', 'already_resolved'],
    handle: ({ params, command }) =>
      command('redemptions.confirm', async (tx) =>
        mapped(
          await resolutions.confirm(tx, params.resolutionId, { redemptionId: params.redemptionId }),
          schema.viewResolution,
        ),
      ),
  }),
];

const discrepancyRoutes = ({ resolutions, db }: RedemptionRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/discrepancies',
    tag: TAG,
    summary: 'Evidence that contradicts the books, newest first',
    roles: ['admin'],
    query: pageQuery.extend({ state: z.enum(['open', 'closed']).optional() }),
    answer: pageOf(schema.discrepancyView),
    handle: async ({ query: { limit, cursor, state } }) => {
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      const rows = await resolutions.discrepancies(db, { ...withoutUndefined({ state, before }), limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => row.discrepancy_id);
      return ok({ ...page, items: page.items.map(schema.viewDiscrepancy) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/discrepancies/{discrepancyId}/resolutions',
    tag: TAG,
    summary: 'Propose what to do about a contradiction',
    about:
      '`captured` charges a gift that fell after all, `released` refunds one that did not; history stays as it is.',
    roles: ['admin'],
    params: idParams('discrepancyId'),
    body: schema.proposeForBody,
    answer: schema.resolutionView,
    refusals: ['not_found', 'already_resolved'],
    handle: ({ params, body, command }) =>
      command('discrepancies.propose', async (tx) =>
        mapped(
          await resolutions.proposeFor(tx, params.discrepancyId, { verdict: body.outcome, reason: body.reason }),
          schema.viewResolution,
        ),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/discrepancies/{discrepancyId}/resolutions/{resolutionId}/confirmation',
    tag: TAG,
    summary: 'Confirm the proposal of another person',
    roles: ['admin'],
    status: 200,
    params: z.object({ discrepancyId: ulidSchema, resolutionId: ulidSchema }),
    answer: schema.resolutionView,
    refusals: ['not_found', 'second_person_required', 'already_resolved'],
    handle: ({ params, command }) =>
      command('discrepancies.confirm', async (tx) =>
        mapped(
          await resolutions.confirm(tx, params.resolutionId, { discrepancyId: params.discrepancyId }),
          schema.viewResolution,
        ),
      ),
  }),
];
