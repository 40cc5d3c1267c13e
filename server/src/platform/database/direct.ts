import type Sqlite from 'better-sqlite3';

/** The values of a statement's parameters, in their order. */
export type Values = readonly unknown[];

/**
 * Prepares a query for hot statements. Rows come out of the driver as bare values and get their names here: the driver would
 * look every name up again for every row, which costs more than finding the row.
 */
export function prepareDirectly(sqlite: Sqlite.Database, text: string): (parameters: Values) => unknown[] {
  const statement = sqlite.prepare<unknown[], Values>(text);
  if (!statement.reader) {
    return (parameters) => {
      statement.run(...parameters);
      return [];
    };
  }
  const bare = statement.raw();
  const names = bare.columns().map((column) => column.name);
  return (parameters) => bare.all(...parameters).map((values) => named(names, values));
}

function named(names: readonly string[], values: Values): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  let column = 0;
  for (const name of names) row[name] = values[column++];
  return row;
}
