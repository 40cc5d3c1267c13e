import { sql } from 'kysely';
import type { Server } from '@tessera/server/app';
import type { Db } from '@tessera/server/platform/database/database';

/** The id of a numbered thing, as long as a real one; in the SQL of both engines. */
const idOf = (lead: string, number: string): string =>
  `'${lead}0000000000000' || substr(cast(1000000000000 + ${number} as text), 2)`;
const MERCHANT = idOf('0', 'n');
/** Postings of one sale: what the merchant pays, what the fund and the fees get. */
const LINES = 3;
const SALES_AT_ONCE = 100_000;

/** A whole number as SQL has it: the driver would bind it as a real one. */
const whole = (value: number) => sql.lit(value);

/** Merchants that issue points. */
export async function foundMerchants(db: Db, merchants: number): Promise<void> {
  await sql`insert into industries (industry_id, name, created_at) values ('bench', '{}', 0)`.execute(db);
  await sql`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${whole(merchants)})
    insert into merchants (merchant_id, industry_id, name, state, terms, currency, rate_points, rate_per_minor, applied_at)
    select ${sql.raw(MERCHANT)}, 'bench', 'Merchant ' || n, 'active', '', 'EUR', 1, 100, 0 from numbers`.execute(db);
}

/** Books sales of merchants in turn (multiples of five points, so that nothing is rounded), three postings each, as the ledger would have over months; says how far it is. */
export async function bookSales(
  { foundation }: Server,
  { merchants, postings }: { merchants: number; postings: number },
  say: (text: string) => void,
): Promise<void> {
  const { db } = foundation.database;
  const sales = Math.ceil(postings / LINES);
  for (let from = 0; from < sales; from += SALES_AT_ONCE) {
    const to = Math.min(sales, from + SALES_AT_ONCE);
    await sql`
      with recursive sale (s) as (select ${whole(from)} union all select s + 1 from sale where s + 1 < ${whole(to)}),
      numbered as (select s, s % ${whole(merchants)} + 1 as n, 5 * (20 + s % 180) as points from sale),
      lines (account, line, sign, price) as (values
        ('merchant:clearing', 1, -1, 1200000), ('points_fund', 2, 1, 1000000), ('fee_income', 3, 1, 200000))
      insert into money_postings
        (transaction_id, kind, account, party, currency, counterparty, amount, rest, points, subject, at)
      select ${sql.raw(idOf('1', 's'))}, 'issue', account, case line when 3 then 'operator' else ${sql.raw(MERCHANT)} end,
        'EUR', '', sign * price * points / 1000000, 0,
        case line when 3 then 0 else sign * points end, ${sql.raw(idOf('2', 's'))}, 1000 + s
      from numbered cross join lines order by s, line`.execute(db);
    say(`${String(to * LINES)} postings booked`);
  }
}
