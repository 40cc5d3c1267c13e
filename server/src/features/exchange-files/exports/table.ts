import type { Schema } from '../../../platform/database/schema.ts';

/**
 * How a column leaves: `plain`, as it is; `whole`, the same of a key that is a number; `json`, as the document that its text
 * is; `flag`, as yes or no; `until`, as a time that is null where it never comes.
 */
export type Shape = 'plain' | 'whole' | 'json' | 'flag' | 'until';

export interface Column<Name extends string = string> {
  readonly name: Name;
  readonly shape: Shape;
}

/** A table as it leaves: these columns and no others, in the order of its key. */
export interface ExportTable {
  readonly table: keyof Schema;
  /** The first of the columns: no two rows have them alike. */
  readonly key: readonly Column[];
  readonly columns: readonly Column[];
}

const shaped =
  (shape: Shape) =>
  <Name extends string>(name: Name): Column<Name> => ({ name, shape });

export const whole = shaped('whole');
export const json = shaped('json');
export const flag = shaped('flag');
export const until = shaped('until');

type ColumnOf<Table extends keyof Schema> = keyof Schema[Table] & string;

/** Describes a table. @param keys how many of its columns, from the first, are its key */
export function leaves<Table extends keyof Schema>(
  table: Table,
  keys: number,
  names: readonly (ColumnOf<Table> | Column<ColumnOf<Table>>)[],
): ExportTable {
  const columns = names.map((each) => (typeof each === 'string' ? { name: each, shape: 'plain' as const } : each));
  return { table, key: columns.slice(0, keys), columns };
}
