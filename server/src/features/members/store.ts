import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type {
  MemberAddressesTable,
  MemberApplicationsTable,
  MemberContactsTable,
  MembersTable,
} from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';

export type MemberRow = Selectable<MembersTable>;
export type Address = { readonly kind: 'email' | 'phone'; readonly value: string };

/** A member by id; on the path of every identification. */
export const memberById = statement((db, p: { memberId: string }) =>
  db.selectFrom('members').selectAll().where('member_id', '=', p.memberId),
);

export const idsAfter = (db: Db, last: string, limit: number) =>
  db
    .selectFrom('members')
    .select('member_id')
    .where('member_id', '>', last)
    .orderBy('member_id')
    .limit(limit)
    .execute();

/** Where a member is reached, the first verified first. */
export const addressesOf = statement((db, p: { memberId: string }) =>
  db
    .selectFrom('member_addresses')
    .selectAll()
    .where('member_id', '=', p.memberId)
    .orderBy('verified_at')
    .orderBy('kind'),
);

/** Adds a member; false where the id is taken. */
export async function insertMember(db: Db, row: Insertable<MembersTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('members')
    .values(row)
    .onConflict((conflict) => conflict.column('member_id').doNothing())
    .returning('member_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export const insertAddress = (db: Db, row: Insertable<MemberAddressesTable>) =>
  db.insertInto('member_addresses').values(row).execute();

/** Whose address it is, if anybody's. */
export async function ownerOfAddress(db: Db, address: Address): Promise<string | undefined> {
  const row = await db
    .selectFrom('member_addresses')
    .select('member_id')
    .where('kind', '=', address.kind)
    .where('value', '=', address.value)
    .executeTakeFirst();
  return row?.member_id;
}

/** One more than `limit` members after an id; `search` is part of a name or the start of an id. */
export function listMembers(db: Db, page: { limit: number; after?: string; search?: string | undefined }) {
  let query = db
    .selectFrom('members')
    .selectAll()
    .orderBy('member_id')
    .limit(page.limit + 1);
  if (page.after !== undefined) query = query.where('member_id', '>', page.after);
  const { search } = page;
  if (search !== undefined) {
    const digits = search.replaceAll(/\D/g, '');
    const name = `%${search.replaceAll(/[%_!]/g, '!$&')}%`;
    query = query.where((eb) =>
      eb.or([
        ...(digits === '' ? [] : [eb('member_id', 'like', `${digits}%`)]),
        sql<boolean>`lower(name) like lower(${name}) escape '!'`,
      ]),
    );
  }
  return query.execute();
}

export const updateMember = (
  db: Db,
  memberId: string,
  change: Partial<Pick<MemberRow, 'pin_hash' | 'state' | 'birthday'>>,
) => db.updateTable('members').set(change).where('member_id', '=', memberId).returningAll().executeTakeFirst();

export const insertApplication = (db: Db, row: Insertable<MemberApplicationsTable>) =>
  db.insertInto('member_applications').values(row).execute();

/** Counts one try at the code; undefined where no try is left, the time is over or there is no such application. */
export const tryApplication = (db: Db, applicationId: string, tries: number, now: number) =>
  db
    .updateTable('member_applications')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('application_id', '=', applicationId)
    .where('state', '=', 'pending')
    .where('attempts', '<', tries)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();

export const endApplication = (db: Db, applicationId: string, memberId: string) =>
  db
    .updateTable('member_applications')
    .set({ state: 'verified', member_id: memberId })
    .where('application_id', '=', applicationId)
    .execute();

/** A new application of the same contact takes the place of those still waiting. */
export const voidApplicationsOf = (db: Db, address: Address) =>
  db
    .updateTable('member_applications')
    .set({ state: 'void' })
    .where('contact_kind', '=', address.kind)
    .where('contact', '=', address.value)
    .where('state', '=', 'pending')
    .execute();

/** Adds a contact; false where the member has named the same address before. */
export async function insertContact(db: Db, row: Insertable<MemberContactsTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('member_contacts')
    .values(row)
    .onConflict((conflict) => conflict.columns(['member_id', 'kind', 'value']).doNothing())
    .returning('contact_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export const contactsOf = (db: Db, memberId: string) =>
  db
    .selectFrom('member_contacts')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy('contact_id')
    .limit(500)
    .execute();

export const updateConsent = (
  db: Db,
  change: { memberId: string; contactId: string; consent: MemberContactsTable['consent']; at: number },
) =>
  db
    .updateTable('member_contacts')
    .set({ consent: change.consent, updated_at: change.at })
    .where('member_id', '=', change.memberId)
    .where('contact_id', '=', change.contactId)
    .returningAll()
    .executeTakeFirst();

/** What a member did at each merchant. */
export const membershipsOf = (db: Db, memberId: string) =>
  db
    .selectFrom('merchant_memberships as membership')
    .innerJoin('merchants', 'merchants.merchant_id', 'membership.merchant_id')
    .selectAll('membership')
    .select('merchants.name as merchant_name')
    .where('membership.member_id', '=', memberId)
    .orderBy('membership.merchant_id')
    .orderBy('membership.currency')
    .execute();

/** Adds one visit to the membership at a merchant, in one statement. */
export const addVisit = statement(
  (db, p: { merchantId: string; memberId: string; currency: string; spendMinor: number; points: number; at: number }) =>
    db
      .insertInto('merchant_memberships')
      .values({
        merchant_id: p.merchantId,
        member_id: p.memberId,
        currency: p.currency,
        visits: 1,
        spend_minor: p.spendMinor,
        points: p.points,
        first_at: p.at,
        last_at: p.at,
      })
      .onConflict((conflict) =>
        conflict.columns(['merchant_id', 'member_id', 'currency']).doUpdateSet((eb) => ({
          visits: eb('merchant_memberships.visits', '+', 1),
          spend_minor: eb('merchant_memberships.spend_minor', '+', eb.ref('excluded.spend_minor')),
          points: eb('merchant_memberships.points', '+', eb.ref('excluded.points')),
          last_at: eb.ref('excluded.last_at'),
        })),
      ),
);

/** The membership of a member at a merchant, in whatever currency; no row before the first visit. */
export const membershipAt = statement((db, p: { merchantId: string; memberId: string }) =>
  db
    .selectFrom('merchant_memberships')
    .select('first_at')
    .where('merchant_id', '=', p.merchantId)
    .where('member_id', '=', p.memberId)
    .limit(sql.lit(1)),
);

/** Takes a return out of what was spent and given. */
export const takeBack = statement(
  (db, p: { merchantId: string; memberId: string; currency: string; spendMinor: number; points: number }) =>
    db
      .updateTable('merchant_memberships')
      .set((eb) => ({ spend_minor: eb('spend_minor', '-', p.spendMinor), points: eb('points', '-', p.points) }))
      .where('merchant_id', '=', p.merchantId)
      .where('member_id', '=', p.memberId)
      .where('currency', '=', p.currency),
);
