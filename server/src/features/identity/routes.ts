import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import type { Commands } from '../../platform/commands/commands.ts';
import { atMs } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Credentials } from './credentials.ts';

const memberParams = z.object({ memberId: memberIdSchema });
const codeView = z
  .object({
    text: z.string().describe('What the QR says: `T1.…`.'),
    credentialId: ulidSchema,
    expiresAt: atMs.describe('When the next code comes.'),
  })
  .meta({ id: 'MemberCode' });

/** Doors to a member's rotating QR. */
export const identityRoutes = (credentials: Credentials, commands: Commands): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/qr',
    tag: 'Members',
    summary: 'The member’s code as it stands now',
    about: 'For staff who help a member without a phone. Each code works once and for about half a minute.',
    roles: ['admin'],
    params: memberParams,
    answer: codeView,
    refusals: ['not_found'],
    handle: ({ params, actor }) =>
      commands.run({ name: 'credentials.show', actor, work: (tx) => credentials.show(tx, params.memberId, false) }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/qr/revocation',
    tag: 'Members',
    summary: 'End all codes of a member: a lost phone',
    roles: ['admin'],
    status: 200,
    params: memberParams,
    answer: z.object({}),
    refusals: ['not_found'],
    handle: ({ params, command }) =>
      command('credentials.revoke', async (tx) => mapped(await credentials.revoke(tx, params.memberId), () => ({}))),
  }),
];
