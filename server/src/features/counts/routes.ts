import { kioskIdSchema } from '@tessera/shared/ids/schemas';
import * as z from 'zod';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Counts } from './service.ts';

const units = z.int().min(0).max(1000);

/** The door for blind counts. */
export const countRoutes = (counts: Counts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/slots/{slot}/counts',
    tag: 'Stock',
    summary: 'Enter a blind count',
    about:
      'Count without looking at the books, the tray too. Where units are in doubt, the count settles them if it proves ' +
      'that all or none of them fell and nothing disturbed the slot since its last count; `not_conclusive` means that two ' +
      'staff have to decide, or, where units are `underWay`, that you should count again once those redemptions have ended.',
    roles: ['admin'],
    params: z.object({ kioskId: kioskIdSchema, slot: z.coerce.number().int().min(1).max(99) }),
    body: z.strictObject({
      counted: units.describe('Units in the slot.'),
      tray: units.default(0).describe('Units of this reward found in the tray.'),
    }),
    answer: z
      .object({
        verdict: z.enum(['agrees', 'difference', 'none_fell', 'all_fell', 'not_conclusive']),
        expected: z.int(),
        counted: z.int(),
        underWay: z.int().describe('Units of this reward at this kiosk whose redemption has not ended.'),
      })
      .meta({ id: 'Count' }),
    refusals: ['not_found'],
    handle: ({ params, body, command }) => command('stock.count', (tx) => counts.count(tx, params, body)),
  }),
];
