import { argon2Hasher } from '@tessera/server/platform/crypto/hasher';
import type { Db } from '@tessera/server/platform/database/database';
import { memberIdOf } from '@tessera/shared/ids/member-id';
import { sql, type RawBuilder } from 'kysely';
import { PIN } from '../redemptions/fleet.ts';

/** Sales of everybody, and of the one in so many members who comes every day. Each makes a lot and two postings. */
const SALES = 5;
const REGULAR_SALES = 250;
const REGULAR_EVERY = 1000;
const POINTS = 1000;

const YEAR_MS = 365 * 24 * 3_600_000;
const FIRST_SERIAL = 100_000_000;
const SERIALS = 900_000_000;
const MEMBERS_AT_ONCE = 100_000;
const ROWS_A_STATEMENT = 500;

/** Members of a bench: everybody, and those with a long history. Their PIN is that of all members of the bench. */
export type BenchMembers = { readonly all: readonly string[]; readonly regulars: readonly string[] };

/** Member IDs, spread over all that there can be, as drawn ones are; in order. */
export function membersOf(count: number): BenchMembers {
  const step = Math.floor(SERIALS / count);
  const all = Array.from({ length: count }, (_, index) => memberIdOf(FIRST_SERIAL + index * step));
  return { all, regulars: all.filter((_, index) => index % REGULAR_EVERY === 0) };
}

/**
 * Books the history of members in bulk, sale after sale as a year brings them, so that the rows of one member lie apart as
 * they do in life. Whole: transactions, lots, postings and balances agree.
 */
export async function bookHistory(db: Db, { all, regulars }: BenchMembers, say: (text: string) => void): Promise<void> {
  await addMembers(db, all);
  const startedAt = Date.now() - YEAR_MS;
  for (let sale = 1; sale <= SALES; sale += 1) {
    for (const range of rangesOf(all)) await bookSale(db, { sale, startedAt, whose: range });
    say(`sale ${String(sale)} of ${String(SALES)} booked for ${String(all.length)} members`);
  }
  for (let sale = SALES + 1; sale <= REGULAR_SALES; sale += 1) {
    for (const whose of namedIn(regulars)) await bookSale(db, { sale, startedAt, whose });
  }
  say(`${String(REGULAR_SALES)} sales booked for ${String(regulars.length)} regulars`);
  for (const range of rangesOf(all)) await addBalances(db, range);
}

type Condition = RawBuilder<boolean>;

/** Stretches of members, as conditions on their id. */
const rangesOf = (members: readonly string[]): Condition[] =>
  piecesOf(members, MEMBERS_AT_ONCE).map((piece) => sql`member_id between ${piece[0]} and ${piece.at(-1)}`);

const namedIn = (members: readonly string[]): Condition[] =>
  piecesOf(members, ROWS_A_STATEMENT).map((piece) => sql`member_id in (${sql.join(piece)})`);

function piecesOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

async function addMembers(db: Db, members: readonly string[]): Promise<void> {
  const pin_hash = await argon2Hasher.hash(PIN);
  const rest = { name: 'Member', language: 'en', state: 'active', pin_hash, created_at: 0 } as const;
  for (const many of piecesOf(members, MEMBERS_AT_ONCE)) {
    await db.transaction().execute(async (trx) => {
      for (const some of piecesOf(many, ROWS_A_STATEMENT)) {
        const rows = some.map((member_id) => ({ member_id, ...rest }));
        await trx.insertInto('members').values(rows).execute();
      }
    });
  }
}

/** What the ids of a sale's transaction and of its lot begin with. */
const TRANSACTION = '01J00000000000';
const LOT = '01J10000000000';

/** The id of something of a member's sale, as long as a ULID, and rising from sale to sale. */
const idOf = (lead: string, sale: number): RawBuilder<string> => {
  const base = 1_000_000_000_000 + sale * 1_000_000_000;
  return sql`${sql.lit(lead)} || substr(cast(${sql.lit(base)} + cast(substr(member_id, 1, 9) as integer) as text), 2)`;
};

/** The id of a sale's transaction; `memberId` as a member's id has it. */
export const transactionIdOf = (memberId: string, sale: number): string =>
  `${TRANSACTION}${String(sale).padStart(3, '0')}${memberId.slice(0, 9)}`;

async function bookSale(
  db: Db,
  { sale, startedAt, whose }: { sale: number; startedAt: number; whose: Condition },
): Promise<void> {
  const at = sql.lit(startedAt + Math.floor((sale * YEAR_MS) / (REGULAR_SALES + 1)));
  const [transaction, lot, points] = [idOf(TRANSACTION, sale), idOf(LOT, sale), sql.lit(POINTS)];
  await db.transaction().execute(async (trx) => {
    await sql`insert into point_transactions (member_id, transaction_id, kind, reason, actor, at)
      select member_id, ${transaction}, 'earn', 'sale', 'bench', ${at} from members where ${whose}
      order by member_id`.execute(trx);
    await sql`insert into point_lots
        (member_id, lot_id, rule, earned_at, expires_at, points, remaining, pending, transaction_id)
      select member_id, ${lot}, 'bench', ${at}, ${at} + ${sql.lit(2 * YEAR_MS)}, ${points}, ${points}, 0, ${transaction}
      from members where ${whose} order by member_id`.execute(trx);
    await sql`insert into point_postings (member_id, transaction_id, line, account, lot_id, points)
      select member_id, ${transaction}, line, account, case line when 2 then ${lot} end, sign * ${points}
      from members cross join (
        select 1 as line, 'issuance' as account, -1 as sign union all select 2, 'member:available', 1) as lines
      where ${whose} order by member_id, line`.execute(trx);
  });
}

const addBalances = (db: Db, whose: Condition) =>
  sql`insert into balances (member_id, pending, available, held, debt, renews)
    select member_id, 0, sum(remaining), 0, 0, 0 from point_lots where ${whose} group by member_id`.execute(db);
