import type Sqlite from 'better-sqlite3';

/** A table as both engines have it: its columns in one order, and its key, by which rows are compared. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: 'bigint' | 'text' | 'bytea';
}

/** What is PostgreSQL's own business: its migrations, and which batch it committed last. */
const OWN = /^(sqlite_|kysely_|writers$)/;

const TYPES: Readonly<Record<string, Column['type']>> = { INTEGER: 'bigint', TEXT: 'text', BLOB: 'bytea' };

type ColumnInfo = { name: string; type: string; pk: number };

/** Every table of the books, as the file itself says. */
export function tablesOf(sqlite: Sqlite.Database): Table[] {
  const names = sqlite
    .prepare<[], { name: string }>(`select name from sqlite_master where type = 'table' order by name`)
    .all()
    .map(({ name }) => name)
    .filter((name) => !OWN.test(name));
  return names.map((name) => {
    const infos = sqlite.pragma(`table_info(${name})`) as ColumnInfo[];
    const columns = infos.map((info): Column => {
      const type = TYPES[info.type.toUpperCase()];
      if (type === undefined) throw new Error(`${name}.${info.name} has a type that nobody moves: ${info.type}`);
      return { name: info.name, type };
    });
    const keys = infos.filter((info) => info.pk > 0).sort((a, b) => a.pk - b.pk);
    return { name, columns, key: keys.map((info) => info.name) };
  });
}

const quoted = (name: string): string => `"${name}"`;
export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ');

/** All rows in the order of the key: both engines compare text by its bytes, so that they agree on it. */
export const selectInOrder = ({ name, columns, key }: Table): string =>
  `select ${quotedList(columns.map((column) => column.name))} from ${quoted(name)} order by ${quotedList(key)}`;
