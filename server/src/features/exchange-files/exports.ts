import type { Db } from '../../platform/database/database.ts';

/** A page of an export: documents of one line each, in the order of their keys. */
export interface ExportPage {
  readonly documents: readonly object[];
  /** The key of the last document; null where there is no more. */
  readonly next: string | null;
}

type ReadPage = (db: Db, after: string, limit: number) => Promise<readonly { key: string; document: object }[]>;

/** Camel case, as the API writes names. */
const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const renamed = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value as unknown]));

/** Reads a table in the order of its id. Only these columns leave: no hash of a secret, no fingerprint. */
const accruals: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('accruals')
    .select(['accrual_id', 'merchant_id', 'branch_id', 'terminal_id', 'member_id', 'reference', 'amount_minor'])
    .select(['currency', 'points', 'operator_points', 'refunded_minor', 'refunded_points', 'decision'])
    .select(['qualifying_points', 'sold_at', 'created_at'])
    .where('accrual_id', '>', after)
    .orderBy('accrual_id')
    .limit(limit)
    .execute();
  return rows.map(({ decision, ...row }) => ({
    key: row.accrual_id,
    document: { ...renamed(row), decision: JSON.parse(decision) as unknown },
  }));
};

const accrualLines: ReadPage = async (db, after, limit) => {
  const [accrualId = '', line = '0'] = after.split('L');
  const rows = await db
    .selectFrom('accrual_lines')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('accrual_id', '>', accrualId),
        eb.and([eb('accrual_id', '=', accrualId), eb('line', '>', Number(line))]),
      ]),
    )
    .orderBy('accrual_id')
    .orderBy('line')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: `${row.accrual_id}L${String(row.line)}`, document: renamed(row) }));
};

const refunds: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('accrual_refunds')
    .selectAll()
    .where('refund_id', '>', after)
    .orderBy('refund_id')
    .limit(limit)
    .execute();
  return rows.map(({ lines, ...row }) => ({
    key: row.refund_id,
    document: { ...renamed(row), lines: JSON.parse(lines) as unknown },
  }));
};

const members: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('members')
    .select(['member_id', 'name', 'language', 'state', 'birthday', 'created_at'])
    .where('member_id', '>', after)
    .orderBy('member_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: row.member_id, document: renamed(row) }));
};

const balances: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('balances')
    .select(['member_id', 'pending', 'available', 'held', 'debt'])
    .where('member_id', '>', after)
    .orderBy('member_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: row.member_id, document: renamed(row) }));
};

const merchants: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('merchants')
    .select(['merchant_id', 'industry_id', 'name', 'state', 'currency', 'rate_points', 'rate_per_minor', 'time_zone'])
    .select(['points_valid_days', 'applied_at', 'signed_at', 'active_at', 'suspended_at', 'left_at'])
    .where('merchant_id', '>', after)
    .orderBy('merchant_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: row.merchant_id, document: renamed(row) }));
};

const earningRules: ReadPage = async (db, after, limit) => {
  const [ruleId = '', version = '0'] = after.split('V');
  const rows = await db
    .selectFrom('earning_rules')
    .selectAll()
    .where((eb) =>
      eb.or([eb('rule_id', '>', ruleId), eb.and([eb('rule_id', '=', ruleId), eb('version', '>', Number(version))])]),
    )
    .orderBy('rule_id')
    .orderBy('version')
    .limit(limit)
    .execute();
  return rows.map(({ definition, ...row }) => ({
    key: `${row.rule_id}V${String(row.version)}`,
    document: { ...renamed(row), definition: JSON.parse(definition) as unknown },
  }));
};

const tierStandings: ReadPage = async (db, after, limit) => {
  const rows = await db
    .selectFrom('tier_standings')
    .select(['member_id', 'version', 'code', 'points', 'span_from', 'counted_on', 'grace_until'])
    .where('member_id', '>', after)
    .orderBy('member_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: row.member_id, document: renamed(row) }));
};

const tierChanges: ReadPage = async (db, after, limit) => {
  const [memberId = '', seq = '0'] = after.split('S');
  const rows = await db
    .selectFrom('tier_changes')
    .selectAll()
    .where((eb) =>
      eb.or([eb('member_id', '>', memberId), eb.and([eb('member_id', '=', memberId), eb('seq', '>', Number(seq))])]),
    )
    .orderBy('member_id')
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ key: `${row.member_id}S${String(row.seq)}`, document: renamed(row) }));
};

const readers = {
  accruals,
  'accrual-lines': accrualLines,
  refunds,
  members,
  balances,
  merchants,
  'earning-rules': earningRules,
  'tier-standings': tierStandings,
  'tier-changes': tierChanges,
} as const satisfies Record<string, ReadPage>;

export type ExportKind = keyof typeof readers;
export const exportKinds = Object.keys(readers) as [ExportKind, ...ExportKind[]];

/** The next documents after a key, at most `limit`. What is written meanwhile comes at the end, or with the next export. */
export async function exportPage(db: Db, kind: ExportKind, after: string, limit: number): Promise<ExportPage> {
  const rows = await readers[kind](db, after, limit);
  const next = rows.length === limit ? (rows.at(-1)?.key ?? null) : null;
  return { documents: rows.map(({ document }) => document), next };
}
