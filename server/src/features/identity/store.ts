import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { CredentialsTable } from '../../platform/database/schema/people.ts';
import { statement } from '../../platform/database/statement.ts';

export type CredentialRow = Selectable<CredentialsTable>;

export const credentialById = statement((db, p: { credentialId: string }) =>
  db.selectFrom('credentials').selectAll().where('credential_id', '=', p.credentialId).where('state', '=', 'active'),
);

/** Raises the last step; no row where a code of this step or a later one was used before. */
export const raiseStep = statement((db, p: { credentialId: string; step: number }) =>
  db
    .updateTable('credentials')
    .set({ last_step: p.step })
    .where('credential_id', '=', p.credentialId)
    .where('state', '=', 'active')
    .where('last_step', '<', p.step)
    .returning('member_id'),
);

/** The member's newest credential. */
export const newestCredential = (db: Db, memberId: string) =>
  db
    .selectFrom('credentials')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('state', '=', 'active')
    .orderBy('credential_id', 'desc')
    .limit(1)
    .executeTakeFirst();

export const insertCredential = (db: Db, row: Insertable<CredentialsTable>) =>
  db.insertInto('credentials').values(row).returningAll().executeTakeFirstOrThrow();

export const revokeCredentials = (db: Db, memberId: string) =>
  db.updateTable('credentials').set({ state: 'revoked' }).where('member_id', '=', memberId).execute();
