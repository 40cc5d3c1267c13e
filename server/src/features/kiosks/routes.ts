import { kioskIdSchema } from '@tessera/shared/ids/schemas';
import { problem } from '@tessera/shared/problem';
import { serverKeySchema } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { cutPage, decodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { atMs, line } from '../../platform/openapi/fields.ts';
import { mapped } from '../../platform/openapi/results.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Throttle } from '../../platform/throttle/throttle.ts';
import type { KioskRow, Kiosks } from './service.ts';

const TAG = 'Kiosks';
const kioskParams = z.object({ kioskId: kioskIdSchema });

const codeView = z
  .object({
    kioskId: kioskIdSchema,
    enrolmentCode: z.string().describe('Works once, shown once.'),
    expiresAt: atMs,
  })
  .meta({ id: 'EnrolmentCode' });

const storedStatus = z.object({
  screen: z.string().nullable(),
  tray: z.string().nullable(),
  door: z.string().nullable(),
  problems: z.array(z.string()),
  outbox: z.int().nullable(),
});
const NOTHING_SAID = { screen: null, tray: null, door: null, problems: [], outbox: null };

const kioskView = z
  .object({
    kioskId: kioskIdSchema,
    name: z.string(),
    state: z.enum(['new', 'enrolled', 'revoked', 'journal_lost']),
    createdAt: atMs,
    enrolledAt: atMs.nullable(),
    planogramVersion: z.int(),
    live: z.object({
      online: z.boolean(),
      lastSeenAt: atMs.nullable(),
      ...storedStatus.shape,
    }),
  })
  .meta({ id: 'Kiosk' });

export interface KioskRouteParts {
  readonly kiosks: Kiosks;
  readonly db: Db;
  readonly isOnline: (kioskId: string) => boolean;
  /** Gives a new kiosk its empty slots. */
  readonly addSlots: (tx: Tx, kioskId: string, count: number) => Promise<void>;
  readonly serverKeys: readonly { readonly keyId: string; readonly publicKey: string }[];
  /** Guesses at enrolment codes, by network address. */
  readonly throttle: Throttle;
}

type View = z.input<typeof kioskView>;

/** What the kiosk said of itself last; nothing where it has said nothing yet. */
function saidOf(status: string | null): z.infer<typeof storedStatus> {
  return status === null ? NOTHING_SAID : storedStatus.parse(JSON.parse(status));
}

const viewKiosk = (row: KioskRow, online: boolean): View => ({
  kioskId: row.kiosk_id,
  name: row.name,
  state: row.state,
  createdAt: row.created_at,
  enrolledAt: row.enrolled_at,
  planogramVersion: row.planogram_version,
  live: { online, lastSeenAt: row.last_seen_at, ...saidOf(row.status) },
});

/** Doors to the register of kiosks. */
export const kioskRoutes = (parts: KioskRouteParts): Route[] => [
  ...readRoutes(parts),
  ...staffRoutes(parts),
  enrolmentRoute(parts),
];

const readRoutes = ({ kiosks, db, isOnline }: KioskRouteParts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/kiosks',
    tag: TAG,
    summary: 'List kiosks, with what each said of itself last',
    roles: ['admin'],
    query: pageQuery,
    answer: pageOf(kioskView),
    handle: async ({ query: { limit, cursor } }) => {
      const after = cursor === undefined ? '' : decodeCursor(cursor);
      const rows = await kiosks.list(db, { after, limit: limit + 1 });
      const page = cutPage(rows, limit, (row) => row.kiosk_id);
      return ok({ ...page, items: page.items.map((row) => viewKiosk(row, isOnline(row.kiosk_id))) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/kiosks/{kioskId}',
    tag: TAG,
    summary: 'One kiosk',
    roles: ['admin'],
    params: kioskParams,
    answer: kioskView,
    refusals: ['not_found'],
    handle: async ({ params }) => {
      const row = await kiosks.find(db, params.kioskId);
      return row ? ok(viewKiosk(row, isOnline(row.kiosk_id))) : err(problem('not_found'));
    },
  }),
];

const staffRoutes = ({ kiosks, addSlots }: KioskRouteParts): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/kiosks',
    tag: TAG,
    summary: 'Register a kiosk',
    about: 'Answers the one-use code that its device enrols with, within a day.',
    roles: ['admin'],
    body: z.strictObject({ name: line(80), slots: z.int().min(1).max(99).default(8) }),
    answer: codeView,
    handle: ({ body, command }) =>
      command('kiosks.create', async (tx) => {
        const code = await kiosks.create(tx, body.name);
        await addSlots(tx, code.kioskId, body.slots);
        return ok(code);
      }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/enrolment-codes',
    tag: TAG,
    summary: 'Make a new enrolment code',
    about: 'For an exchanged device, a lost journal or after a revocation. Codes made before are void.',
    roles: ['admin'],
    params: kioskParams,
    answer: codeView,
    refusals: ['not_found'],
    handle: ({ params, command }) => command('kiosks.renew-code', (tx) => kiosks.renewCode(tx, params.kioskId)),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/kiosks/{kioskId}/revocation',
    tag: TAG,
    summary: 'Revoke a kiosk',
    about: 'Its key opens nothing any more and its connection is closed. It can be enrolled again with a new code.',
    roles: ['admin'],
    status: 200,
    params: kioskParams,
    body: z.strictObject({ reason: line(200).default('revoked by staff') }),
    answer: kioskView,
    refusals: ['not_found'],
    handle: ({ params, body, command }) =>
      command('kiosks.revoke', async (tx) =>
        mapped(await kiosks.revoke(tx, params.kioskId, body.reason), (row) => viewKiosk(row, false)),
      ),
  }),
];

const enrolmentRoute = ({ kiosks, serverKeys, throttle }: KioskRouteParts): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/kiosk-enrolments',
    tag: TAG,
    summary: 'Enrol a device',
    about: 'The device made its Ed25519 key itself and sends the public half with the code that staff gave it.',
    roles: ['public'],
    body: z.strictObject({
      code: z.string().max(32),
      publicKey: z.string().max(64).describe('Raw Ed25519 public key, base64url.'),
      kioskName: line(80).optional().describe('Renames the kiosk.'),
    }),
    answer: z.object({ kioskId: kioskIdSchema, kioskName: z.string(), serverKeys: z.array(serverKeySchema) }),
    refusals: ['enrolment_code_invalid', 'too_many_attempts', 'conflict', 'invalid_fields'],
    handle: async ({ body, address, command }) => {
      const allowed = await throttle.attempt(address);
      if (!allowed.ok) return allowed;
      return command('kiosks.enrol', async (tx) =>
        mapped(await kiosks.enrol(tx, body.code, body.publicKey, body.kioskName), (row) => ({
          kioskId: row.kiosk_id,
          kioskName: row.name,
          serverKeys: [...serverKeys],
        })),
      );
    },
  });
