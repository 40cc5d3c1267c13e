import { cursorOf, keyOf } from '@tessera/server/features/exchange-files/exports/cursor';
import { writePage, type ExportFormat } from '@tessera/server/features/exchange-files/exports/files';
import { exportTables } from '@tessera/server/features/exchange-files/exports/kinds';
import { exportPage, type Key } from '@tessera/server/features/exchange-files/exports/page';
import type { ExportTable } from '@tessera/server/features/exchange-files/exports/table';
import { openDatabase, type Database, type Db } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { expect } from 'chai';
import { sql } from 'kysely';
import { readCsv } from '../support/csv.ts';
import { engine, freshDatabase, unguardedCopy } from '../support/engine.ts';
import { fill, MADE_UP } from './made-up-rows.ts';

/** Tables that do not leave, each with the reason. Whoever adds a table decides. */
const STAYS: Readonly<Record<string, string>> = {
  admins: 'passwords',
  tokens: 'secrets',
  credentials: 'secrets',
  server_keys: 'secrets',
  enrolment_codes: 'secrets',
  member_addresses: 'how a person is reached',
  member_contacts: 'how a person is reached',
  member_applications: 'how a person is reached, and a code',
  messages: 'what a person was told, and where',
  audit: 'has a door and a chain of its own',
  audit_salts: 'secrets',
  pictures: 'have addresses of their own',
  kiosk_sessions: 'minutes of somebody at a kiosk',
  reward_uses: 'counted from redemptions',
  campaign_members: 'counted from campaign takings',
  earning_counters: 'counted from sales',
  earning_budgets: 'counted from sales',
  money_balances: 'summed from money postings',
  money_marks: 'housekeeping',
  fee_charges: 'in the money postings',
  meta: 'housekeeping',
  idempotency: 'housekeeping',
  outbox: 'housekeeping',
  jobs: 'housekeeping',
  throttles: 'housekeeping',
  writers: 'housekeeping',
  imports: 'has a door of its own',
  import_refusals: 'has a door of its own',
};

/** The columns of a table's primary key, in its order. */
const primaryKey = (table: string) =>
  engine === 'sqlite'
    ? sql<{ name: string }>`select name from pragma_table_info(${table}) where pk > 0 order by pk`
    : sql<{ name: string }>`select column_name as name from information_schema.key_column_usage
        where table_name = ${table} and constraint_name = ${`${table}_pkey`} order by ordinal_position`;

/** All of a table in pages, as whoever follows the cursors has it. */
async function follow(db: Db, table: ExportTable, format: ExportFormat, limit: number): Promise<string> {
  let text = '';
  let after: Key | undefined;
  for (;;) {
    const page = await exportPage(db, table, after, limit);
    expect(page.rows.length).to.be.at.most(limit);
    text += writePage(format, table, page, after === undefined);
    if (page.next === null) return text;
    after = keyOf(table, cursorOf(page.next));
    expect(after, 'a cursor leads to its key').to.deep.equal(page.next);
  }
}

const readNdjson = (text: string): object[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as object);

describe('exports', () => {
  let base: Awaited<ReturnType<typeof freshDatabase>>;
  let copy: Awaited<ReturnType<typeof unguardedCopy>>;
  let database: Database;
  before(async () => {
    base = await freshDatabase();
    const made = openDatabase(base.address);
    await migrate(made.db);
    await made.close();
    copy = await unguardedCopy(base.address);
    database = openDatabase(copy.address);
    for (const each of copy.first) await sql.raw(each).execute(database.db);
  });
  after(async () => {
    await database.close();
    await copy.remove();
    await base.remove();
  });

  it('take every table with them that has no reason to stay', async () => {
    const tables = await database.db.introspection.getTables();
    const leaving = new Set<string>(Object.values(exportTables).map(({ table }) => table));
    const undecided = tables.map(({ name }) => name).filter((name) => leaving.has(name) === name in STAYS);
    expect(undecided.filter((name) => !name.startsWith('kysely_'))).to.deep.equal([]);
  });

  it('go by the key that the table itself has', async () => {
    for (const { table, key } of Object.values(exportTables)) {
      const { rows } = await primaryKey(table).execute(database.db);
      expect(
        key.map(({ name }) => name),
        table,
      ).to.deep.equal(rows.map(({ name }) => name));
    }
  });

  it('name no secret', () => {
    for (const { table, columns } of Object.values(exportTables)) {
      for (const { name } of columns)
        // The code of a tier is its name among programs.
        if (!table.startsWith('tier') || !name.endsWith('code'))
          expect(`${table}.${name}`).to.not.match(/hash|secret|pin_|token|uid|content|code$/);
    }
  });

  for (const [kind, table] of Object.entries(exportTables)) {
    it(`are whole across the ends of pages: ${kind}`, async () => {
      const expected = await fill(database.db, table);
      const columns = table.columns.map(({ name }) => name);
      for (const limit of [1, 2, MADE_UP, MADE_UP + 1]) {
        const documents = readNdjson(await follow(database.db, table, 'ndjson', limit));
        for (const each of documents) expect(Object.keys(each).map(inSnakes)).to.deep.equal(columns);
        expect(documents.map((each): unknown[] => Object.values(each))).to.deep.equal(expected);
        const [head, ...rows] = readCsv(await follow(database.db, table, 'csv', limit));
        expect(head?.map(inSnakes)).to.deep.equal(columns);
        expect(rows).to.deep.equal(expected.map((row) => row.map(inCell)));
      }
    });
  }

  it('know a cursor of theirs from any other', () => {
    const { members, 'accrual-lines': lines, 'stock-movements': movements } = exportTables;
    const one = cursorOf(['01JVL']);
    expect(keyOf(members, one)).to.deep.equal(['01JVL']);
    expect(keyOf(lines, one)).to.equal(undefined);
    expect(keyOf(movements, one)).to.equal(undefined);
    expect(keyOf(movements, cursorOf([7]))).to.deep.equal([7]);
    for (const wrong of ['1e3', '07', '', '99999999999999999999', '1.5'])
      expect(keyOf(movements, Buffer.from(wrong).toString('base64url')), wrong).to.equal(undefined);
    expect(keyOf(members, Buffer.from('a\u0000b').toString('base64url'))).to.equal(undefined);
  });
});

const inSnakes = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function inCell(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return /^['=-]/.test(value) ? `'${value}` : value;
  return JSON.stringify(value);
}
