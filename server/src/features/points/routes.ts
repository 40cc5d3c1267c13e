import { memberIdSchema } from '@tessera/shared/ids/member-id';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Accruals } from '../accrual/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import type { Merchants } from '../merchants/index.ts';
import { adjustmentRoutes } from './adjustment-routes.ts';
import { Adjustments } from './adjustments.ts';
import { explainBurn } from './explain.ts';
import * as schema from './schemas.ts';
import { transferPoints } from './transfers.ts';

const TAG = 'Points';
/** Lots a command: others wait for the writer no longer than that takes. */
const LOTS_AT_ONCE = 200;

export interface PointRouteParts {
  readonly db: Db;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly members: Members;
  readonly merchants: Merchants;
  readonly accruals: Accruals;
  /** Whose redemption or payment an id is. */
  readonly ownerOf: (db: Db, burnId: string) => Promise<string | undefined>;
}

/** Doors to what points are made of, and to what staff may do with them. */
export const pointRoutes = (parts: PointRouteParts): Route[] => [
  ...readRoutes(parts),
  ...moveRoutes(parts),
  ...adjustmentRoutes(new Adjustments(parts), parts.db),
];

const memberParams = z.object({ memberId: memberIdSchema });

const readRoutes = (parts: PointRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/lots',
    tag: TAG,
    summary: 'A member’s lots with points left, in the order of burning',
    about: 'Earliest expiry first; at most a thousand.',
    roles: ['admin'],
    params: memberParams,
    answer: z.object({ items: z.array(schema.lotView) }),
    refusals: ['not_found'],
    handle: async ({ params: { memberId } }) => {
      if (!(await parts.members.find(parts.db, memberId))) return err(problem('not_found'));
      return ok({ items: (await parts.ledger.lots(parts.db, memberId)).map(schema.viewLot) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/burns/{burnId}',
    tag: TAG,
    summary: 'Where the points of a redemption or a payment came from',
    about: 'Which lots, who issued them, by which rule, for which sale; and every transaction that moved them.',
    roles: ['admin'],
    params: idParams('burnId'),
    answer: schema.explanationView,
    refusals: ['not_found'],
    handle: async ({ params: { burnId } }) => {
      const explained = await explainBurn(parts, parts.db, burnId);
      return explained ? ok(schema.viewExplanation(explained)) : err(problem('not_found'));
    },
  }),
];

const moveRoutes = (parts: PointRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/transfers',
    tag: TAG,
    summary: 'Move points to another member',
    about: 'Each lot keeps who issued it, its age and its expiry.',
    roles: ['admin'],
    params: memberParams,
    body: schema.transferBody,
    answer: schema.transferView,
    refusals: ['not_found', 'invalid_fields', 'member_suspended', 'insufficient_points'],
    handle: ({ params: { memberId }, body, command }) =>
      command('points.transfer', (tx) => transferPoints(parts, tx, { from: memberId, ...body })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/vestings',
    tag: TAG,
    summary: 'Make points available that wait for an event',
    about: 'A terminal names events of its own merchant’s points, an admin those of all.',
    roles: ['terminal', 'admin'],
    status: 200,
    body: schema.vestBody,
    answer: schema.vestedView,
    handle: ({ body: { event }, principal, command }) =>
      command('points.vest', async (tx) => {
        const issuer = principal.kind === 'terminal' ? principal.merchantId : undefined;
        const vested = await parts.ledger.vestOn(tx, event, issuer, LOTS_AT_ONCE);
        if (vested.lots > 0) await parts.audit.write(tx, 'points.vested', `event:${event}`, { ...vested });
        return mapped(ok(vested), (done) => ({ ...done, more: done.lots === LOTS_AT_ONCE }));
      }),
  }),
];
