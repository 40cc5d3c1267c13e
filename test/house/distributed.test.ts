import { readFileSync } from 'node:fs';
import { openDatabase, type Database } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { expect } from 'chai';
import { sql } from 'kysely';

const page = readFileSync(new URL('../../docs/postgresql.md', import.meta.url), 'utf8');
const called = (call: string): string[] =>
  [...page.matchAll(new RegExp(`select ${call}\\('(\\w+)'`, 'g'))].map(([, table = '']) => table);

const reference = called('create_reference_table');
const distributed = called('create_distributed_table');
const COLUMN = 'member_id';

interface Link {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  /** Undefined means the primary key of the other side. */
  readonly toColumns: readonly (string | null)[];
}

describe('house: the page on a distributed PostgreSQL', () => {
  let database: Database;
  const keys: { table: string; columns: string[] }[] = [];
  const links: Link[] = [];

  before(async () => {
    database = openDatabase(':memory:');
    await migrate(database.db);
    const tables = (await database.db.introspection.getTables()).map(({ name }) => name);
    for (const table of tables) {
      for (const { index } of await read<{ index: string }>(
        'select name as "index" from pragma_index_list(?) where "unique"',
        table,
      ))
        keys.push({
          table,
          columns: (await read<{ name: string }>('select name from pragma_index_info(?)', index)).map(
            ({ name }) => name,
          ),
        });
      links.push(...(await linksOf(table)));
    }
  });
  after(() => database.close());

  async function read<Row>(text: string, about: string): Promise<Row[]> {
    const [before = '', after = ''] = text.split('?');
    return (await sql<Row>`${sql.raw(before)}${about}${sql.raw(after)}`.execute(database.db)).rows;
  }

  async function linksOf(from: string): Promise<Link[]> {
    const text =
      'select id, "table" as other, "from" as here, "to" as there from pragma_foreign_key_list(?) order by id, seq';
    const byId = new Map<number, Link>();
    for (const { id, other, here, there } of await read<{
      id: number;
      other: string;
      here: string;
      there: string | null;
    }>(text, from)) {
      const known = byId.get(id) ?? { from, to: other, columns: [], toColumns: [] };
      byId.set(id, { ...known, columns: [...known.columns, here], toColumns: [...known.toColumns, there] });
    }
    return [...byId.values()];
  }

  it('names tables that there are', () => {
    expect(reference).to.have.length.above(0);
    expect(distributed).to.have.length.above(0);
    for (const table of distributed)
      expect(
        keys.some((key) => key.table === table),
        table,
      ).to.equal(true);
  });

  it('distributes only tables whose every key has the member in it', () => {
    for (const { table, columns } of keys.filter((key) => distributed.includes(key.table)))
      expect(columns, table).to.include(COLUMN);
  });

  it('lets every reference of a distributed table end at a reference table, or at the same member', () => {
    for (const { from, to, columns, toColumns } of links.filter((link) => distributed.includes(link.from))) {
      if (reference.includes(to)) continue;
      expect(distributed, `${from} refers to ${to}`).to.include(to);
      const there = toColumns.every((column) => column === null) ? primaryKeyOf(to) : toColumns;
      expect(there[columns.indexOf(COLUMN)], `${from} refers to ${to}`).to.equal(COLUMN);
    }
  });

  it('leaves nobody else who refers to a distributed table', () => {
    const strangers = links.filter(({ from, to }) => distributed.includes(to) && !distributed.includes(from));
    expect(strangers).to.deep.equal([]);
  });

  it('lets reference tables refer to each other alone', () => {
    const out = links.filter(({ from, to }) => reference.includes(from) && !reference.includes(to));
    expect(out).to.deep.equal([]);
  });

  it('makes each table after those that it refers to', () => {
    const order = [...reference, ...distributed];
    for (const { from, to } of links.filter((link) => order.includes(link.from) && link.from !== link.to))
      expect(order.indexOf(to), `${from} refers to ${to}`).to.be.within(0, order.indexOf(from) - 1);
  });

  it('distributes all that could be', () => {
    const able = new Set(keys.map(({ table }) => table).filter((table) => table !== 'members'));
    for (const { table, columns } of keys) if (!columns.includes(COLUMN)) able.delete(table);
    expect([...able].sort()).to.deep.equal([...distributed].sort());
  });

  const primaryKeyOf = (table: string): readonly string[] => keys.find((key) => key.table === table)?.columns ?? [];
});
