import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { PasswordHasher } from '../../platform/crypto/hasher.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { line } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import * as schema from './schemas.ts';
import type { Members } from './service.ts';
import * as store from './store.ts';
import { viewContact, viewGlance, viewMember, viewMembership } from './views.ts';

const TAG = 'Members';

interface Parts {
  readonly members: Members;
  readonly hasher: PasswordHasher;
  readonly db: Db;
}

/** Doors to members, their PIN, their contacts and their memberships. */
export const memberRoutes = (parts: Parts): Route[] => [
  ...readRoutes(parts),
  ...writeRoutes(parts),
  ...contactRoutes(parts),
];

const readRoutes = ({ members, db }: Parts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members',
    tag: TAG,
    summary: 'List members',
    roles: ['admin'],
    query: pageQuery.extend({ search: line(80).optional().describe('Part of a name, or the start of a member ID.') }),
    answer: pageOf(schema.memberView),
    handle: async ({ query: { limit, cursor, search } }) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      const page = cutPage(await store.listMembers(db, { limit, search, ...after }), limit, (row) => row.member_id);
      const items = await Promise.all(page.items.map((row) => wholeView(db, row)));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}',
    tag: TAG,
    summary: 'One member',
    roles: ['admin'],
    params: schema.memberParams,
    answer: schema.memberView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await members.find(db, params.memberId);
      return row ? ok(await wholeView(db, row)) : err(problem('not_found'));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/glance',
    tag: TAG,
    summary: 'What a clerk may see of a member',
    roles: ['admin', 'terminal'],
    params: schema.memberParams,
    answer: schema.memberGlance,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await members.find(db, params.memberId);
      return row ? ok(viewGlance(row)) : err(problem('not_found'));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/merchants',
    tag: TAG,
    summary: 'Visits and spend at each merchant',
    roles: ['admin'],
    params: schema.memberParams,
    answer: z.object({ items: z.array(schema.membershipView) }),
    refusals: ['not_found'],
    handle: async ({ params }) => {
      if (!(await members.find(db, params.memberId))) return err(problem('not_found'));
      return ok({ items: (await store.membershipsOf(db, params.memberId)).map(viewMembership) });
    },
  }),
];

const wholeView = async (db: Db, row: store.MemberRow) =>
  viewMember(row, await store.addressesOf(db, { memberId: row.member_id }));

const writeRoutes = ({ members, hasher }: Parts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/members',
    tag: TAG,
    summary: 'Add a member whom staff know',
    about: 'The address counts as proven: somebody of the staff has seen to it. Otherwise let the person apply.',
    roles: ['admin'],
    body: schema.addMemberBody,
    answer: schema.memberView,
    refusals: ['conflict'],
    handle: async ({ body: { name, language, address, pin }, command }) => {
      const pinHash = pin === undefined ? null : await hasher.hash(pin);
      return command('members.add', async (tx) => {
        const added = await members.add(tx, { name, language, address, pinHash });
        return added.ok ? ok(await wholeView(tx.db, added.value)) : added;
      });
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/members/{memberId}/pin',
    tag: TAG,
    summary: 'Set the PIN',
    roles: ['admin'],
    params: schema.memberParams,
    body: schema.setPinBody,
    answer: z.object({}),
    refusals: ['not_found'],
    handle: async ({ params, body, command }) => {
      const pinHash = await hasher.hash(body.pin);
      return mapped(await command('members.pin', (tx) => members.setPin(tx, params.memberId, pinHash)), () => ({}));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/members/{memberId}/birthday',
    tag: TAG,
    summary: 'Set or forget the birthday',
    about: 'For rules that give something on it.',
    roles: ['admin'],
    params: schema.memberParams,
    body: schema.setBirthdayBody,
    answer: schema.birthdayView,
    refusals: ['not_found'],
    handle: ({ params, body: { birthday }, command }) =>
      command('members.birthday', async (tx) =>
        mapped(await members.setBirthday(tx, params.memberId, birthday), () => ({ birthday })),
      ),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/state',
    tag: TAG,
    summary: 'Suspend a member, or let them back in',
    about: 'A suspended member can neither earn nor redeem; points stay as they are.',
    roles: ['admin'],
    status: 200,
    params: schema.memberParams,
    body: schema.setStateBody,
    answer: schema.memberGlance,
    refusals: ['not_found'],
    handle: ({ params, body, command }) =>
      command('members.state', async (tx) =>
        mapped(await members.setState(tx, params.memberId, body.state), viewGlance),
      ),
  }),
];

const contactRoutes = ({ members, db }: Parts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/members/{memberId}/contacts',
    tag: TAG,
    summary: 'Add a friend or relative whom the member names',
    about: 'Naming somebody is not their consent: it starts as `unknown`.',
    roles: ['admin'],
    params: schema.memberParams,
    body: schema.addContactBody,
    answer: schema.contactView,
    refusals: ['not_found', 'conflict'],
    handle: ({ params, body, command }) =>
      command('contacts.add', async (tx) => mapped(await members.addContact(tx, params.memberId, body), viewContact)),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/contacts',
    tag: TAG,
    summary: 'The contacts that the member named',
    roles: ['admin'],
    params: schema.memberParams,
    answer: z.object({ items: z.array(schema.contactView) }),
    refusals: ['not_found'],
    handle: async ({ params }) => {
      if (!(await members.find(db, params.memberId))) return err(problem('not_found'));
      return ok({ items: (await store.contactsOf(db, params.memberId)).map(viewContact) });
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/members/{memberId}/contacts/{contactId}/consent',
    tag: TAG,
    summary: 'Record what a contact said about being written to',
    roles: ['admin'],
    params: schema.memberParams.extend({ contactId: ulidSchema }),
    body: schema.setConsentBody,
    answer: schema.contactView,
    refusals: ['not_found'],
    handle: ({ params, body, command }) =>
      command('contacts.consent', async (tx) =>
        mapped(await members.setConsent(tx, { ...params, consent: body.consent }), viewContact),
      ),
  }),
];
