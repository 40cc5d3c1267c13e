import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { mapped, withoutUndefined } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import * as schema from './schemas.ts';
import type { Campaigns } from './service.ts';
import { listCampaigns } from './store.ts';

const TAG = 'Campaigns';
const campaignParams = idParams('campaignId');

/** Doors to the limits that rewards share. */
export const campaignRoutes = (campaigns: Campaigns, db: Db): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/campaigns',
    tag: TAG,
    summary: 'Add a campaign',
    about: 'A reward joins it by its `campaignId`. Its limits hold for all of its rewards together.',
    roles: ['admin'],
    body: schema.addCampaignBody,
    answer: schema.campaignView,
    handle: ({ body, command }) =>
      command('campaigns.add', async (tx) => mapped(await campaigns.add(tx, body), schema.viewCampaign)),
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/campaigns/{campaignId}',
    tag: TAG,
    summary: 'Change name or limits',
    about: 'Below what has been given already nothing more is given, and nothing is taken back.',
    roles: ['admin'],
    params: campaignParams,
    body: schema.changeCampaignBody,
    answer: schema.campaignView,
    refusals: ['not_found'],
    handle: ({ params, body, command }) =>
      command('campaigns.change', async (tx) =>
        mapped(await campaigns.change(tx, params.campaignId, withoutUndefined(body)), schema.viewCampaign),
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/campaigns',
    tag: TAG,
    summary: 'Campaigns, newest first',
    roles: ['admin'],
    query: pageQuery,
    answer: pageOf(schema.campaignView),
    handle: async ({ query: { limit, cursor } }) => {
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const rows = await listCampaigns(db, { limit, ...before });
      return ok(cutPage(rows.map(schema.viewCampaign), limit, (row) => row.campaignId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/campaigns/{campaignId}',
    tag: TAG,
    summary: 'One campaign, and what it has given',
    roles: ['admin'],
    params: campaignParams,
    answer: schema.campaignView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await campaigns.find(db, params.campaignId);
      return row ? ok(schema.viewCampaign(row)) : err(problem('not_found'));
    },
  }),
];
