import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Identity } from '../identity/index.ts';
import type { Members } from '../members/index.ts';
import { inForce } from './rules/ladder.ts';
import * as schema from './schemas.ts';
import type { Tiers } from './service.ts';
import { listChanges } from './store.ts';
import { viewChange, viewGlance, viewLadder, viewStanding } from './views.ts';

const TAG = 'Tiers';
const memberParams = z.object({ memberId: memberIdSchema });

export interface TierRouteParts {
  readonly tiers: Tiers;
  readonly members: Members;
  /** Proves who stands at a counter. */
  readonly identity: Identity;
  readonly db: Db;
  readonly nowMs: () => number;
}

/** Doors to the ladder, and to where members stand. */
export const tierRoutes = (parts: TierRouteParts): Route[] => [
  ...ladderRoutes(parts),
  ...memberTierRoutes(parts),
  ownTierRoute(parts),
];

const ladderRoutes = ({ tiers, db, nowMs }: TierRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/tier-ladders',
    tag: TAG,
    summary: 'The alliance’s tiers, in every version',
    roles: ['admin', 'terminal'],
    answer: schema.ladderList,
    handle: async () => {
      const ladders = await tiers.ladders(db);
      return ok({
        inForce: inForce(ladders, nowMs())?.version ?? null,
        items: ladders.map(viewLadder).reverse(),
      });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/tier-ladders',
    tag: TAG,
    summary: 'Publish the alliance’s tiers by a new version',
    about:
      'A member rises at once when a tier is reached, and is kept in it for the grace when it is not deserved any more. Sales from before it starts count as far as its span looks back. What a tier gives, earning rules say (`when.tiers`).',
    roles: ['admin'],
    body: schema.ladderBody,
    answer: schema.ladderView,
    refusals: ['invalid_fields', 'conflict'],
    handle: ({ body, command }) =>
      command('tiers.publish', async (tx) => mapped(await tiers.publish(tx, body), viewLadder)),
  }),
];

const memberTierRoutes = ({ tiers, members, db, nowMs }: TierRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/tier',
    tag: TAG,
    summary: 'A member’s tier, and what is missing to the next',
    roles: ['admin'],
    params: memberParams,
    answer: schema.standingView,
    refusals: ['not_found'],
    handle: async ({ params: { memberId } }) => {
      const member = await members.find(db, memberId);
      if (!member) return err(problem('not_found'));
      return ok(await viewStanding(db, await tiers.inForce(db, nowMs()), member, nowMs()));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/tier/glance',
    tag: TAG,
    summary: 'What a clerk may see of a member’s tier',
    roles: ['admin', 'terminal'],
    params: memberParams,
    answer: schema.tierGlance,
    refusals: ['not_found'],
    handle: async ({ params: { memberId } }) => {
      if (!(await members.find(db, memberId))) return err(problem('not_found'));
      return ok(await viewGlance(db, await tiers.inForce(db, nowMs()), memberId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/tier/changes',
    tag: TAG,
    summary: 'What became of a member’s tier, newest first',
    roles: ['admin'],
    params: memberParams,
    query: pageQuery,
    answer: pageOf(schema.changeView),
    refusals: ['not_found'],
    handle: async ({ params: { memberId }, query: { limit, cursor } }) => {
      if (!(await members.find(db, memberId))) return err(problem('not_found'));
      const before = cursor === undefined ? {} : { before: Number.parseInt(decodeCursor(cursor), 10) || 0 };
      const page = cutPage(await listChanges(db, memberId, { limit, ...before }), limit, (row) => String(row.seq));
      return ok({ ...page, items: page.items.map(viewChange) });
    },
  }),
];

/** The member's own door: they stand at a counter and prove who they are. */
const ownTierRoute = ({ tiers, members, identity, nowMs }: TierRouteParts): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/own-tier',
    tag: TAG,
    summary: 'A member sees their own tier at a counter',
    about: 'By the code on their phone or by PIN, as for a payment; a code is used up by it.',
    roles: ['terminal'],
    status: 200,
    body: schema.ownBody,
    answer: schema.standingView,
    refusals: ['credential_refused', 'member_suspended', 'too_many_attempts', 'forbidden'],
    handle: async ({ body: { proof }, principal, command }) => {
      if (principal.kind !== 'terminal') return err(problem('forbidden'));
      const asked =
        'qr' in proof ? ({ kind: 'qr', text: proof.qr } as const) : ({ kind: 'member_id', ...proof } as const);
      const examined = await identity.examine(`terminal:${principal.id}`, asked);
      if (!examined.ok) return examined;
      return command('tiers.own', async (tx) => {
        const proven = await identity.claim(tx, examined.value);
        if (!proven.ok) return proven;
        if (proven.value.repeat) return err(problem('credential_refused'));
        const member = await members.find(tx.db, proven.value.memberId);
        if (!member) return err(problem('credential_refused'));
        return ok(await viewStanding(tx.db, await tiers.inForce(tx.db, tx.at), member, nowMs()));
      });
    },
  });
