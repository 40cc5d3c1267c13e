import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { kioskIdSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { bookStates } from '@tessera/shared/redemption/books';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { atMs, idParams } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Order, Pickups } from './service.ts';

const TAG = 'Pick-ups';
const DAY_MS = 24 * 3_600_000;
const DEFAULT_DAYS = 7;
const params = idParams('redemptionId');

const pickupView = z
  .object({
    redemptionId: ulidSchema,
    kioskId: kioskIdSchema,
    rewardId: z.string().nullable(),
    memberId: z.string().nullable(),
    price: z.int(),
    state: z.enum(bookStates),
    code: z.string().describe('The text of the QR that the kiosk accepts once, also without network.'),
    expiresAt: atMs,
    ending: z
      .enum(['cancelled', 'expired'])
      .nullable()
      .describe('The points go back when the kiosk has acknowledged it.'),
  })
  .meta({ id: 'Pickup' });

const viewOrder = ({ redemption, pickup }: Order): z.input<typeof pickupView> => ({
  redemptionId: redemption.redemption_id,
  kioskId: redemption.kiosk_id,
  rewardId: redemption.reward_id,
  memberId: redemption.member_id,
  price: redemption.price,
  state: redemption.state,
  code: pickup.code,
  expiresAt: pickup.expires_at,
  ending: pickup.ending,
});

/** Doors to orders that wait at a kiosk. */
export const pickupRoutes = (parts: { pickups: Pickups; db: Db; nowMs: () => number }): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/pickups',
    tag: TAG,
    summary: 'Order a gift for pick-up at a kiosk',
    about: 'Holds the points, reserves a unit there, and answers the code.',
    roles: ['admin'],
    body: z.strictObject({
      memberId: memberIdSchema,
      kioskId: kioskIdSchema,
      rewardId: ulidSchema,
      expiresAt: atMs.optional().describe('Seven days from now unless told, ninety at most.'),
    }),
    answer: pickupView,
    refusals: [
      'not_found',
      'conflict',
      'member_suspended',
      'reward_unavailable',
      'out_of_stock',
      'limit_reached',
      'insufficient_points',
    ],
    handle: ({ body, command }) => {
      const expiresAt = body.expiresAt ?? parts.nowMs() + DEFAULT_DAYS * DAY_MS;
      return command('pickups.order', async (tx) =>
        mapped(await parts.pickups.order(tx, { ...body, expiresAt }), viewOrder),
      );
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/pickups/{redemptionId}',
    tag: TAG,
    summary: 'One order',
    roles: ['admin'],
    params,
    answer: pickupView,
    refusals: ['not_found'],
    handle: async ({ params: { redemptionId } }) => {
      const order = await parts.pickups.find(parts.db, redemptionId);
      return order ? ok(viewOrder(order)) : err(problem('not_found'));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/pickups/{redemptionId}/cancellation',
    tag: TAG,
    summary: 'Cancel an order',
    about: 'The kiosk is told; when it has written down that the code is void, the points go back.',
    roles: ['admin'],
    status: 202,
    params,
    answer: pickupView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params: { redemptionId }, command }) =>
      command('pickups.cancel', async (tx) => mapped(await parts.pickups.cancel(tx, redemptionId), viewOrder)),
  }),
];
