import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import type { Db } from './database.ts';

const KEY = 'ledger_epoch';

/** The id of this life of the books: a restore begins a new one, and kiosks then replay what they know. Made on first use. */
export async function ledgerEpochOf(db: Db, clock: Clock, chance: Chance): Promise<string> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return row?.value ?? (await openLedgerEpoch(db, clock, chance));
}

/** Begins a new epoch: after a restore, when the books may have forgotten what kiosks still know. */
export async function openLedgerEpoch(db: Db, clock: Clock, chance: Chance): Promise<string> {
  const value = newUlid(clock, chance);
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
  return value;
}
