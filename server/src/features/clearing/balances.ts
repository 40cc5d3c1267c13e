import { assert } from '@tessera/shared/result';
import { sql } from 'kysely';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { MoneyAccount } from '../../platform/database/schema/clearing.ts';
import { statement } from '../../platform/database/statement.ts';

/** What an account holds, in minor units: positive is owed to its party, negative by it. */
export interface Balance {
  readonly account: MoneyAccount;
  readonly party: string;
  readonly currency: string;
  readonly amount: number;
  /** Points behind it; of the fund those that it covers. */
  readonly points: number;
}

/** Postings a command: others wait for the writer no longer than that takes. */
const POSTINGS_AT_ONCE = 20_000;

const marks = statement((db) => db.selectFrom('money_marks').select('posting_id').where('name', '=', 'balances'));

/** Up to which posting the roll-up has come. */
async function markOf(db: Db): Promise<number> {
  const [mark] = await marks(db, {});
  assert(mark !== undefined, 'the migrations begin with a mark');
  return mark.posting_id;
}

/** False where postings wait for the roll-up. Asked outside of commands, so that an idle alliance does not trouble the writer. */
export const isRolledUp = async (db: Db): Promise<boolean> => (await lastPosting(db)) <= (await markOf(db));

/** Balances of one party or of all, one account or all: the roll-up, and what was posted since. */
export async function balances(db: Db, filter: { party?: string; account?: MoneyAccount } = {}): Promise<Balance[]> {
  const mark = await markOf(db);
  const rolled = db.selectFrom('money_balances').select(['account', 'party', 'currency', 'amount', 'points']);
  const tail = db
    .selectFrom('money_postings')
    .select(['account', 'party', 'currency', 'amount', 'points'])
    .where('posting_id', '>', mark);
  const { party, account } = filter;
  return db
    .selectFrom(
      rolled
        .$if(party !== undefined, (query) => query.where('party', '=', party ?? ''))
        .$if(account !== undefined, (query) => query.where('account', '=', account ?? 'bank'))
        .unionAll(
          tail
            .$if(party !== undefined, (query) => query.where('party', '=', party ?? ''))
            .$if(account !== undefined, (query) => query.where('account', '=', account ?? 'bank')),
        )
        .as('both'),
    )
    .select((eb) => [
      'account',
      'party',
      'currency',
      eb.fn.sum<number>('amount').as('amount'),
      eb.fn.sum<number>('points').as('points'),
    ])
    .groupBy(['account', 'party', 'currency'])
    .orderBy('party')
    .orderBy('account')
    .orderBy('currency')
    .execute();
}

/** What one party's account holds in a currency. */
export async function balanceOf(db: Db, party: string, account: MoneyAccount, currency: string): Promise<number> {
  const rows = await balances(db, { party, account });
  return rows.find((row) => row.currency === currency)?.amount ?? 0;
}

/**
 * Adds postings to the roll-up, so many at once. Nobody's posting waits for it and it waits
 * for none: a merchant with most of the sales costs no more than a thousand with few.
 */
export async function rollUp(tx: Tx): Promise<void> {
  const from = await markOf(tx.db);
  const to = Math.min(await lastPosting(tx.db), from + POSTINGS_AT_ONCE);
  if (to <= from) return;
  await addUp(tx.db, from, to);
  await tx.db.updateTable('money_marks').set({ posting_id: to }).where('name', '=', 'balances').execute();
}

const newestPosting = statement((db) =>
  db.selectFrom('money_postings').select('posting_id').orderBy('posting_id', 'desc').limit(sql.lit(1)),
);

/** The newest posting; 0 before the first. */
async function lastPosting(db: Db): Promise<number> {
  const [newest] = await newestPosting(db, {});
  return newest?.posting_id ?? 0;
}

const addUp = (db: Db, from: number, to: number) =>
  db
    .insertInto('money_balances')
    .columns(['account', 'party', 'currency', 'amount', 'rest', 'points'])
    .expression((eb) =>
      eb
        .selectFrom('money_postings')
        .select((posting) => [
          'account',
          'party',
          'currency',
          posting.fn.sum<number>('amount').as('amount'),
          posting.fn.sum<number>('rest').as('rest'),
          posting.fn.sum<number>('points').as('points'),
        ])
        .where('posting_id', '>', from)
        .where('posting_id', '<=', to)
        .groupBy(['account', 'party', 'currency']),
    )
    .onConflict((conflict) =>
      conflict.columns(['party', 'account', 'currency']).doUpdateSet((eb) => ({
        amount: eb('money_balances.amount', '+', eb.ref('excluded.amount')),
        rest: eb('money_balances.rest', '+', eb.ref('excluded.rest')),
        points: eb('money_balances.points', '+', eb.ref('excluded.points')),
      })),
    )
    .execute();
