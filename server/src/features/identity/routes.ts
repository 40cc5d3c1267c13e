import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { ok } from '@tessera/shared/result';
import { toString } from 'qrcode';
import * as z from 'zod';
import type { Commands, Tx } from '../../platform/commands/commands.ts';
import { atMs } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRawRoute, defineRoute, type Route } from '../../platform/openapi/route.ts';
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
  defineRawRoute({
    method: 'get',
    path: '/v1/members/{memberId}/qr.svg',
    tag: 'Members',
    summary: 'The member’s code as a picture',
    about: 'The same code as a QR drawing, to show or to print for the moment.',
    roles: ['admin'],
    params: memberParams,
    produces: ['image/svg+xml'],
    refusals: ['not_found'],
    handle: async ({ params, actor }) => {
      const work = (tx: Tx) => credentials.show(tx, params.memberId, false);
      const code = await commands.run({ name: 'credentials.show', actor, work });
      if (!code.ok) return code;
      const svg = await toString(code.value.text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
      return ok({ mediaType: 'image/svg+xml', bytes: Buffer.from(svg), headers: { 'Cache-Control': 'no-store' } });
    },
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
