import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Selectable } from 'kysely';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { OPERATOR, type ClearingPartiesTable } from '../../platform/database/schema/clearing.ts';

export type PartyRow = Selectable<ClearingPartiesTable>;

const plain = (party: string, currency: string): PartyRow => ({
  party,
  currency,
  credit_limit_minor: null,
  reserve_ppm: 0,
  reserve_cap_minor: 0,
  holder: null,
  iban: null,
  bic: null,
  wound_down_at: null,
});

/** A party's terms in the money ledger; undefined where there is no such merchant. */
export async function partyTerms(db: Db, party: string): Promise<PartyRow | undefined> {
  const known = await db.selectFrom('clearing_parties').selectAll().where('party', '=', party).executeTakeFirst();
  if (known) return known;
  const merchant = await db
    .selectFrom('merchants')
    .select('currency')
    .where('merchant_id', '=', party)
    .executeTakeFirst();
  return merchant && plain(party, merchant.currency);
}

/** The terms of a party that has to be there. */
export async function knownParty(db: Db, party: string): Promise<Refused<PartyRow>> {
  const terms = await partyTerms(db, party);
  return terms ? ok(terms) : err(problem('not_found', { detail: 'There is no such merchant.' }));
}

/** Changes a party's terms. */
export async function changeParty(tx: Tx, party: string, change: Partial<PartyRow>): Promise<Refused<PartyRow>> {
  const known = await knownParty(tx.db, party);
  if (!known.ok) return known;
  const row = { ...known.value, ...change };
  const { party: _, ...columns } = row;
  await tx.db
    .insertInto('clearing_parties')
    .values(row)
    .onConflict((conflict) => conflict.column('party').doUpdateSet(columns))
    .execute();
  return ok(row);
}

/** Every party with its terms and what it is called on paper: all merchants, and the operator. */
export async function allParties(db: Db): Promise<(PartyRow & { readonly name: string })[]> {
  const merchants = await db.selectFrom('merchants').select(['merchant_id', 'name', 'currency']).execute();
  const terms = new Map((await db.selectFrom('clearing_parties').selectAll().execute()).map((row) => [row.party, row]));
  const operator = { ...(terms.get(OPERATOR) ?? plain(OPERATOR, 'EUR')), name: 'Operator' };
  const all = merchants.map(({ merchant_id: party, name, currency }) => ({
    ...(terms.get(party) ?? plain(party, currency)),
    name,
  }));
  return [operator, ...all];
}
