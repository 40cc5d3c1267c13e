import { kioskIdSchema, slotSchema } from '@tessera/shared/ids/schemas';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeNumber, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { mapped, withoutUndefined } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import * as schema from './schemas.ts';
import type { Stock } from './service.ts';

const TAG = 'Stock';
const kioskParams = z.object({ kioskId: kioskIdSchema });
const slotsView = z.object({ items: z.array(schema.slotView) });

/** Doors to what stands in the kiosks. Blind counts are beside: they settle redemptions too. */
export const stockRoutes = (stock: Stock, db: Db): Route[] => [
  ...planogramRoutes(stock, db),
  ...slotRoutes(stock),
  ...recordRoutes(stock, db),
];

const planogramRoutes = (stock: Stock, db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/kiosks/{kioskId}/slots',
    tag: TAG,
    summary: 'What stands in a kiosk',
    roles: ['admin'],
    params: kioskParams,
    answer: slotsView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const slots = await stock.slots(db, params.kioskId);
      return slots.length > 0 ? ok({ items: slots.map(schema.viewSlot) }) : err(problem('not_found'));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/kiosks/{kioskId}/planogram',
    tag: TAG,
    summary: 'Say which reward stands in which slot',
    about: 'Slots that are not named stay as they are. A slot must be empty before its reward changes.',
    roles: ['admin'],
    params: kioskParams,
    body: schema.planogramBody,
    answer: slotsView,
    refusals: ['not_found', 'conflict', 'invalid_fields'],
    handle: ({ params, body, command }) =>
      command('stock.set-planogram', async (tx) =>
        mapped(await stock.setPlanogram(tx, params.kioskId, body.slots), (slots) => ({
          items: slots.map(schema.viewSlot),
        })),
      ),
  }),
];

const slotRoutes = (stock: Stock): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/slots/{slot}/loads',
    tag: TAG,
    summary: 'Put units into a slot',
    roles: ['admin'],
    params: schema.slotParams,
    body: schema.loadBody,
    answer: schema.slotView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('stock.load', async (tx) =>
        mapped(await stock.load(tx, params, body.quantity, body.reason), schema.viewSlot),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/slots/{slot}/adjustments',
    tag: TAG,
    summary: 'Correct what the books say of a slot',
    roles: ['admin'],
    params: schema.slotParams,
    body: schema.adjustBody,
    answer: schema.slotView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('stock.adjust', async (tx) =>
        mapped(await stock.adjust(tx, params, body.quantity, body.reason), schema.viewSlot),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/slots/{slot}/service',
    tag: TAG,
    summary: 'Take a slot out of service, or return it',
    about: 'A slot with a unit in doubt cannot be returned: count it, or let two staff decide.',
    roles: ['admin'],
    status: 200,
    params: schema.slotParams,
    body: schema.serviceBody,
    answer: schema.slotView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('stock.set-service', async (tx) =>
        mapped(await stock.setService(tx, params, body.inService, body.reason), schema.viewSlot),
      ),
  }),
];

const kioskQuery = pageQuery.extend({ kioskId: z.optional(kioskIdSchema) });

const recordRoutes = (stock: Stock, db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/stock-movements',
    tag: TAG,
    summary: 'Every change of stock, newest first',
    roles: ['admin'],
    query: kioskQuery.extend({ slot: z.coerce.number().pipe(slotSchema).optional() }),
    answer: pageOf(schema.movementView),
    handle: async ({ query: { limit, cursor, kioskId, slot } }) => {
      const filter = withoutUndefined({ kioskId, slot, before: decodeNumber(cursor) });
      const rows = await stock.movements(db, { ...filter, limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => String(row.movement_id));
      return ok({ ...page, items: page.items.map(schema.viewMovement) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/variances',
    tag: TAG,
    summary: 'What happened beside all redemptions, newest first',
    about:
      'Stray and extra drops, opened doors, slots that put themselves out of service, differences found by a count.',
    roles: ['admin'],
    query: kioskQuery,
    answer: pageOf(schema.varianceView),
    handle: async ({ query: { limit, cursor, kioskId } }) => {
      const filter = withoutUndefined({ kioskId, before: decodeNumber(cursor) });
      const rows = await stock.variances(db, { ...filter, limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => String(row.variance_seq));
      return ok({ ...page, items: page.items.map(schema.viewVariance) });
    },
  }),
];
