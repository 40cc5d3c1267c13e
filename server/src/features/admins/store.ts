import type { Db } from '../../platform/database/database.ts';
import { statement } from '../../platform/database/statement.ts';

/** Active or not, by id: on the path of every signed-in request. */
export const adminById = statement((db, p: { id: string }) =>
  db.selectFrom('admins').select(['admin_id', 'login', 'name', 'state']).where('admin_id', '=', p.id),
);

/** With the password's hash, to sign in. */
export const adminByLogin = (db: Db, login: string) =>
  db.selectFrom('admins').selectAll().where('login', '=', login).executeTakeFirst();

/** All who may sign in, oldest first: staff, so a short list. */
export const allAdmins = (db: Db) =>
  db
    .selectFrom('admins')
    .select(['admin_id', 'login', 'name', 'state', 'created_at'])
    .orderBy('admin_id')
    .limit(1000)
    .execute();

/** Adds a person; false where the login is taken. */
export async function insertAdmin(
  db: Db,
  row: { id: string; login: string; name: string; passwordHash: string; at: number },
): Promise<boolean> {
  const inserted = await db
    .insertInto('admins')
    .values({
      admin_id: row.id,
      login: row.login,
      name: row.name,
      password_hash: row.passwordHash,
      role: 'admin',
      state: 'active',
      created_at: row.at,
    })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning('admin_id')
    .executeTakeFirst();
  return inserted !== undefined;
}
