import { ulidSchema } from '@tessera/shared/ids/ulid';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { PasswordHasher } from '../../platform/crypto/hasher.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Throttle } from '../../platform/throttle/throttle.ts';
import type { Applications } from './applications.ts';
import { applicationView, applyBody, verifiedView, verifyBody } from './schemas.ts';

const TAG = 'Membership';

/** The public doors to membership. Both are slow to guess at: they count by network address. */
export const applicationRoutes = (parts: {
  applications: Applications;
  hasher: PasswordHasher;
  throttle: Throttle;
}): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/member-applications',
    tag: TAG,
    summary: 'Apply for membership',
    about: 'Sends a six-digit code to the address. The answer does not tell whether the address is known.',
    roles: ['public'],
    body: applyBody,
    answer: applicationView,
    refusals: ['too_many_attempts'],
    handle: async ({ body, address, command }) => {
      const allowed = await parts.throttle.attempt(address);
      return allowed.ok ? command('members.apply', (tx) => parts.applications.apply(tx, body)) : allowed;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/member-applications/{applicationId}/verification',
    tag: TAG,
    summary: 'Prove the address with the code',
    about:
      'Answers the one member ID of this person. An address that belongs to a member already answers that member’s ID and leaves the PIN as it is.',
    roles: ['public'],
    params: z.object({ applicationId: ulidSchema }),
    body: verifyBody,
    answer: verifiedView,
    refusals: ['credential_refused', 'too_many_attempts'],
    handle: async ({ params, body, address, command }) => {
      const allowed = await parts.throttle.attempt(address);
      if (!allowed.ok) return allowed;
      const pinHash = body.pin === undefined ? null : await parts.hasher.hash(body.pin);
      const attempt = { applicationId: params.applicationId, code: body.code, pinHash };
      const tried = await command('members.verify', (tx) => parts.applications.verify(tx, attempt));
      if (!tried.ok) return tried;
      return tried.value.ok ? ok(tried.value.value) : err(tried.value.error);
    },
  }),
];
