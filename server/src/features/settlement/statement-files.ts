import { createHash } from 'node:crypto';
import type { Db } from '../../platform/database/database.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { escape } from '../../platform/openapi/html.ts';
import { moneyText } from './money-text.ts';
import { chainedLines, headOf, type Statement, type StatementLine } from './statement.ts';

export const statementFormats = ['json', 'csv', 'html'] as const;
export type StatementFormat = (typeof statementFormats)[number];

export const statementMedia: Readonly<Record<StatementFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** Writes a statement in pieces; the same bytes whenever it is asked for. */
export function writeStatement(db: Db, statement: Statement, format: StatementFormat): AsyncIterable<string> {
  const lines = chainedLines(db, statement);
  if (format === 'json') return json(statement, lines);
  return format === 'csv' ? csv(lines) : html(statement, lines);
}

const timeText = (at: number): string => new Date(at).toISOString();

async function* json(statement: Statement, lines: AsyncIterable<StatementLine>): AsyncGenerator<string> {
  const { seal, ...head } = headOf(statement);
  const text = JSON.stringify(head);
  yield `${text.slice(0, -1)},"items":[`;
  let between = '\n';
  for await (const line of lines) {
    yield `${between}${JSON.stringify(viewLine(line))}`;
    between = ',\n';
  }
  yield `\n],"seal":${JSON.stringify(seal)}}\n`;
}

const viewLine = (line: StatementLine) => ({
  number: line.number,
  postingId: line.posting_id,
  at: line.at,
  kind: line.kind,
  transactionId: line.transaction_id,
  subject: line.subject,
  counterparty: line.counterparty,
  points: line.points,
  amountMinor: line.amount,
  link: line.link,
});

const COLUMNS = [
  'number',
  'posting_id',
  'at',
  'kind',
  'transaction_id',
  'subject',
  'counterparty',
  'points',
  'currency',
  'amount_minor',
  'link',
];

async function* csv(lines: AsyncIterable<StatementLine>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const line of lines) {
    const { number, posting_id, at, kind, transaction_id, subject, counterparty, points, currency, amount, link } =
      line;
    const cells = [
      number,
      posting_id,
      timeText(at),
      kind,
      transaction_id,
      subject,
      counterparty,
      points,
      currency,
      amount,
      link,
    ];
    yield csvLine(cells);
  }
}

const STYLE = `body{font:14px system-ui,sans-serif;margin:24px;color:#111}h1{font-size:20px}table{border-collapse:collapse;width:100%}
td,th{padding:3px 8px;border-bottom:1px solid #ddd;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums}
code{font-size:10px;word-break:break-all}@media print{body{margin:0}thead{display:table-header-group}tr{break-inside:avoid}}`;

/** The page may load nothing, and be styled by the style above alone. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

async function* html(statement: Statement, lines: AsyncIterable<StatementLine>): AsyncGenerator<string> {
  const head = headOf(statement);
  const { currency } = head;
  const money = (minor: number): string => moneyText(minor, currency);
  const title = `Statement ${String(head.run.number)} · ${escape(head.name)} · ${currency}`;
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style><h1>${title}</h1>`;
  yield `<p>Everything posted before ${timeText(head.run.until ?? 0)}, ${String(head.lines)} lines. Run ${head.run.runId}.</p>`;
  yield sums([
    ...Object.entries(head.totals).map(([kind, { points, amount }]) => [kind, String(points), money(amount)] as const),
    ['net', '', money(head.netMinor)],
    ['from prepaid money', '', money(head.prepaidMinor)],
    ['kept in reserve', '', money(-head.reserveMinor)],
    [head.payableMinor < 0 ? 'to be paid by you' : 'to be paid to you', '', money(Math.abs(head.payableMinor))],
  ]);
  yield '<table><thead><tr><th class="n">#<th>time<th>what<th>about<th>with<th class="n">points<th class="n">amount</thead>';
  for await (const { number, at, kind, subject, counterparty, points, amount } of lines) {
    const cells = `<td class="n">${String(number)}<td>${timeText(at)}<td>${kind}<td>${escape(subject)}`;
    const last = `<td>${escape(counterparty)}<td class="n">${String(points)}<td class="n">${money(amount)}`;
    yield `<tr>${cells}${last}`;
  }
  const { lastLink, keyId, publicKey, signature } = head.seal;
  yield `</table><p><code>last link ${lastLink}<br>key ${keyId} ${publicKey}<br>signature ${signature}</code></p></html>\n`;
}

const sums = (rows: readonly (readonly [string, string, string])[]): string =>
  `<table>${rows.map(([name, points, amount]) => `<tr><td>${name}<td class="n">${points}<td class="n">${amount}`).join('')}</table>`;
