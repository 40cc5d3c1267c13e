import { csvLine, type Cell } from '../../../platform/http/csv.ts';
import type { ExportPage } from './page.ts';
import type { ExportTable } from './table.ts';

export const exportFormats = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportMedia: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

/** What the columns are called outside: as the API writes names. */
const fieldsOf = ({ columns }: ExportTable): string[] =>
  columns.map(({ name }) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));

/** A value in a cell: a document as its JSON. */
const cellOf = (value: unknown): Cell =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);

/** Newline-delimited JSON: one document a line. */
function ndjson(table: ExportTable, { rows }: ExportPage): string {
  const fields = fieldsOf(table);
  const line = (row: readonly unknown[]): string =>
    `${JSON.stringify(Object.fromEntries(fields.map((field, index) => [field, row[index]])))}\n`;
  return rows.map(line).join('');
}

/** CSV. Only the first page has the header line, so that pages can be put one behind the other. */
function csv(table: ExportTable, { rows }: ExportPage, isFirst: boolean): string {
  const lines = rows.map((row) => csvLine(row.map(cellOf)));
  return [...(isFirst ? [csvLine(fieldsOf(table))] : []), ...lines].join('');
}

/** Writes a page of a table. */
export const writePage = (format: ExportFormat, table: ExportTable, page: ExportPage, isFirst: boolean): string =>
  format === 'csv' ? csv(table, page, isFirst) : ndjson(table, page);
