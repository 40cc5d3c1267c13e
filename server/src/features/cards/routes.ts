import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { activateCardBody, cardParams, cardView, issueCardBody, replaceCardBody } from './schemas.ts';
import type { Cards } from './service.ts';
import * as store from './store.ts';

const TAG = 'Cards';

const viewCard = (row: store.CardRow): z.input<typeof cardView> => ({
  cardNumber: row.card_number,
  uid: row.uid,
  kind: row.kind,
  state: row.state,
  memberId: row.member_id,
  agent: row.agent,
  issuedAt: row.issued_at,
  activatedAt: row.activated_at,
  endedAt: row.ended_at,
  replacedBy: row.replaced_by,
});

/** Doors to the life of a card. */
export const cardRoutes = (cards: Cards, db: Db): Route[] => [...readRoutes(db), ...lifeRoutes(cards)];

const readRoutes = (db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/cards',
    tag: TAG,
    summary: 'List cards',
    roles: ['admin'],
    query: pageQuery.extend({ memberId: z.optional(memberIdSchema) }),
    answer: pageOf(cardView),
    handle: async ({ query: { limit, cursor, memberId } }) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      const rows = await store.listCards(db, { limit, memberId, ...after });
      return ok(cutPage(rows.map(viewCard), limit, (card) => card.cardNumber));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/cards/{cardNumber}',
    tag: TAG,
    summary: 'One card',
    roles: ['admin'],
    params: cardParams,
    answer: cardView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await store.cardByNumber(db, params.cardNumber);
      return row ? ok(viewCard(row)) : err(problem('not_found'));
    },
  }),
];

const lifeRoutes = (cards: Cards): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/cards',
    tag: TAG,
    summary: 'Issue a card',
    roles: ['admin'],
    body: issueCardBody,
    answer: cardView,
    refusals: ['conflict'],
    handle: ({ body: { uid, kind, agent }, command }) =>
      command('cards.issue', async (tx) => mapped(await cards.issue(tx, { uid, kind, agent }), viewCard)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/cards/{cardNumber}/activation',
    tag: TAG,
    summary: 'Hand a card to a member',
    roles: ['admin'],
    status: 200,
    params: cardParams,
    body: activateCardBody,
    answer: cardView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: ({ params, body, command }) =>
      command('cards.activate', async (tx) =>
        mapped(await cards.activate(tx, params.cardNumber, body.memberId), viewCard),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/cards/{cardNumber}/loss',
    tag: TAG,
    summary: 'Record a card as lost',
    about: 'From this moment it opens nothing.',
    roles: ['admin'],
    status: 200,
    params: cardParams,
    answer: cardView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, command }) =>
      command('cards.lose', async (tx) => mapped(await cards.lose(tx, params.cardNumber), viewCard)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/cards/{cardNumber}/replacement',
    tag: TAG,
    summary: 'Replace a card',
    about: 'Answers the new card, active at once; the old one opens nothing any more.',
    roles: ['admin'],
    params: cardParams,
    body: replaceCardBody,
    answer: cardView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('cards.replace', async (tx) => mapped(await cards.replace(tx, params.cardNumber, body.uid), viewCard)),
  }),
];
