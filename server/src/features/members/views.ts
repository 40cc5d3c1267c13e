import type { Selectable } from 'kysely';
import type * as z from 'zod';
import type { MemberAddressesTable, MemberContactsTable } from '../../platform/database/schema/people.ts';
import { maskName } from './masks.ts';
import type { contactView, memberGlance, membershipView, memberView } from './schemas.ts';
import type { membershipsOf, MemberRow } from './store.ts';

export const viewMember = (
  row: MemberRow,
  addresses: readonly Selectable<MemberAddressesTable>[],
): z.input<typeof memberView> => ({
  ...viewGlance(row),
  name: row.name,
  language: row.language,
  hasPin: row.pin_hash !== null,
  birthday: row.birthday,
  addresses: addresses.map(({ kind, value, verified_at }) => ({ kind, value, verifiedAt: verified_at })),
  createdAt: row.created_at,
});

export const viewGlance = (row: MemberRow): z.input<typeof memberGlance> => ({
  memberId: row.member_id,
  maskedName: maskName(row.name),
  state: row.state,
});

export const viewContact = (row: Selectable<MemberContactsTable>): z.input<typeof contactView> => ({
  contactId: row.contact_id,
  name: row.name,
  relation: row.relation,
  kind: row.kind,
  value: row.value,
  consent: row.consent,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

type MembershipRow = Awaited<ReturnType<typeof membershipsOf>>[number];

export const viewMembership = (row: MembershipRow): z.input<typeof membershipView> => ({
  merchantId: row.merchant_id,
  merchantName: row.merchant_name,
  currency: row.currency === '' ? null : row.currency,
  visits: row.visits,
  spendMinor: row.spend_minor,
  points: row.points,
  firstAt: row.first_at,
  lastAt: row.last_at,
});
