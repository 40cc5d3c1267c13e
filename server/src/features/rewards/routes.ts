import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { idParams } from '../../platform/openapi/fields.ts';
import { withoutUndefined } from '../../platform/openapi/results.ts';
import { defineRawRoute, defineRoute, type Route } from '../../platform/openapi/route.ts';
import { PICTURE_LIMIT_BYTES, pictureHeaders, pictureTypes } from './pictures.ts';
import { addRewardBody, changeRewardBody, pictureFile, rewardView } from './schemas.ts';
import type { Rewards } from './service.ts';
import { pictureByHash } from './store.ts';

const TAG = 'Rewards';
const rewardParams = idParams('rewardId');
const mediaTypes = Object.keys(pictureTypes);

/** Doors to rewards and their pictures. */
export const rewardRoutes = (rewards: Rewards, db: Db): Route[] => [
  ...writeRoutes(rewards),
  ...readRoutes(rewards, db),
  ...pictureRoutes(rewards, db),
];

const writeRoutes = (rewards: Rewards): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/rewards',
    tag: TAG,
    summary: 'Add a reward',
    roles: ['admin'],
    body: addRewardBody,
    answer: rewardView,
    refusals: ['invalid_fields'],
    handle: ({ body, command }) => command('rewards.add', (tx) => rewards.add(tx, body)),
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/rewards/{rewardId}',
    tag: TAG,
    summary: 'Change a reward',
    about: 'Only the fields that are sent are changed. Kiosks that offer it learn of it at once.',
    roles: ['admin'],
    params: rewardParams,
    body: changeRewardBody,
    answer: rewardView,
    refusals: ['not_found', 'invalid_fields'],
    handle: ({ params, body, command }) =>
      command('rewards.change', (tx) => rewards.change(tx, params.rewardId, withoutUndefined(body))),
  }),
];

const readRoutes = (rewards: Rewards, db: Db): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/rewards',
    tag: TAG,
    summary: 'List rewards',
    roles: ['admin', 'terminal'],
    query: pageQuery.extend({ state: z.enum(['draft', 'active', 'withdrawn']).optional() }),
    answer: pageOf(rewardView),
    handle: async ({ query: { limit, cursor, state } }) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      return ok(cutPage(await rewards.list(db, { limit, state, ...after }), limit, (reward) => reward.rewardId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rewards/{rewardId}',
    tag: TAG,
    summary: 'One reward',
    roles: ['admin', 'terminal'],
    params: rewardParams,
    answer: rewardView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const reward = await rewards.find(db, params.rewardId);
      return reward ? ok(reward) : err(problem('not_found'));
    },
  }),
];

const pictureRoutes = (rewards: Rewards, db: Db): Route[] => [
  defineRawRoute({
    method: 'put',
    path: '/v1/rewards/{rewardId}/picture',
    tag: TAG,
    summary: 'Give a reward its picture',
    about: 'SVG, PNG, WebP or JPEG as the body itself. An SVG must be a drawing alone: no script, no handler, no link.',
    roles: ['admin'],
    params: rewardParams,
    consumes: { mediaTypes, limitBytes: PICTURE_LIMIT_BYTES },
    answer: rewardView,
    refusals: ['not_found', 'invalid_fields'],
    handle: async ({ params, body, command }) => {
      if (!body) return err(problem('malformed'));
      return command('rewards.picture', (tx) => rewards.setPicture(tx, params.rewardId, body.mediaType, body.bytes));
    },
  }),
  defineRawRoute({
    method: 'get',
    path: '/v1/pictures/{file}',
    tag: TAG,
    summary: 'A picture by the hash of its bytes',
    about: 'Never changes under its name; kept by browsers and kiosks for good.',
    roles: ['public'],
    params: pictureFile,
    produces: mediaTypes,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await pictureByHash(db, params.file.slice(0, 64));
      if (!row) return err(problem('not_found'));
      return ok({ mediaType: row.media_type, bytes: Buffer.from(row.bytes), headers: pictureHeaders });
    },
  }),
];
