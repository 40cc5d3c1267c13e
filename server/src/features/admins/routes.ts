import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Principal } from '../../platform/auth/principal.ts';
import type { PasswordHasher } from '../../platform/crypto/hasher.ts';
import type { Db } from '../../platform/database/database.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import { addAdminBody, adminView, principalView, sessionView, signInBody } from './schemas.ts';
import type { Admins } from './service.ts';

const viewOf = (principal: Exclude<Principal, { kind: 'public' }>): z.input<typeof principalView> => ({
  ...principal,
  role: principal.kind,
});

/** Doors for staff: sign in and out, who am I, more staff. */
export const adminRoutes = (parts: { admins: Admins; hasher: PasswordHasher; db: Db }): Route[] => [
  signIn(parts.admins),
  signOut(parts.admins),
  whoAmI,
  addAdmin(parts.admins, parts.hasher),
  listAdmins(parts.admins, parts.db),
];

const signIn = (admins: Admins): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/admin/sessions',
    tag: 'Staff',
    summary: 'Sign in',
    about: 'Answers a bearer token for twelve hours. A repeat simply opens another session, so no key is asked for.',
    roles: ['public'],
    idempotency: 'none',
    body: signInBody,
    answer: sessionView,
    refusals: ['credential_refused', 'too_many_attempts'],
    handle: async ({ body, address }) => {
      const session = await admins.signIn(body.login, body.password, address);
      if (!session.ok) return session;
      const { token, expiresAt, admin } = session.value;
      return ok({ token, expiresAt, principal: viewOf({ kind: 'admin', id: admin.id, name: admin.name }) });
    },
  });

const signOut = (admins: Admins): Route =>
  defineRoute({
    method: 'delete',
    path: '/v1/admin/sessions/current',
    tag: 'Staff',
    summary: 'Sign out',
    about: 'Ends the session whose token was sent. A repeat finds no session any more, so no key is asked for.',
    roles: ['admin'],
    idempotency: 'none',
    answer: z.object({}),
    handle: async ({ principal, token }) => {
      if (principal.kind !== 'admin' || token === undefined) return err(problem('forbidden'));
      const ended = await admins.signOut(principal.id, token);
      return ended.ok ? ok({}) : ended;
    },
  });

const whoAmI = defineRoute({
  method: 'get',
  path: '/v1/me',
  tag: 'Staff',
  summary: 'Who the token belongs to',
  roles: ['admin', 'terminal'],
  answer: principalView,
  handle: ({ principal }) =>
    Promise.resolve(principal.kind === 'public' ? err(problem('unauthenticated')) : ok(viewOf(principal))),
});

const addAdmin = (admins: Admins, hasher: PasswordHasher): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/admins',
    tag: 'Staff',
    summary: 'Add a person to the staff',
    about: 'Two staff decide what the machine could not prove; each signs in as themselves.',
    roles: ['admin'],
    body: addAdminBody,
    answer: z.object({ id: z.string(), login: z.string() }),
    refusals: ['conflict'],
    handle: async ({ body, command }) => {
      const passwordHash = await hasher.hash(body.password);
      const person = { login: body.login, name: body.name ?? body.login, passwordHash };
      return command('admins.add', async (tx) => {
        const added = await admins.add(tx, person);
        return added.ok ? ok({ id: added.value, login: body.login }) : added;
      });
    },
  });

const listAdmins = (admins: Admins, db: Db): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/admins',
    tag: 'Staff',
    summary: 'Everybody on the staff',
    roles: ['admin'],
    answer: z.object({ items: z.array(adminView) }),
    handle: async () => {
      const rows = await admins.list(db);
      const items = rows.map((row) => ({
        id: row.admin_id,
        login: row.login,
        name: row.name,
        state: row.state,
        createdAt: row.created_at,
      }));
      return ok({ items });
    },
  });
