import { sql } from 'kysely';
import { brokenAuditLines } from '../../platform/audit/chain.ts';
import { engineOf, type Db, type Engine } from '../../platform/database/port.ts';
import { ledgerRules } from './ledger-rules.ts';
import { moneyRules } from './money-rules.ts';
import { redemptionRules } from './redemption-rules.ts';
import { settlementRules } from './settlement-rules.ts';
import { stockRules } from './stock-rules.ts';
import { tierRules } from './tier-rules.ts';

/** What became of one promise; `ok` is null for what this release cannot check yet. */
export interface Checked {
  readonly name: string;
  readonly about: string;
  readonly ok: boolean | null;
  /** The rows that break it, at most `MOST_ROWS`. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface CheckReport {
  readonly ok: boolean;
  readonly checkedAt: number;
  readonly checks: readonly Checked[];
}

/** Rows shown of one breach: enough to begin with. */
const MOST_ROWS = 100;

/** Every promise that is a query. */
const RULES = [...ledgerRules, ...redemptionRules, ...stockRules, ...moneyRules, ...settlementRules, ...tierRules];

/** References that lead nowhere. PostgreSQL looks at each as it is written, but for those that it was told not to trust. */
const DANGLING: Readonly<Record<Engine, string>> = {
  sqlite: 'pragma foreign_key_check',
  postgres: `select conrelid::regclass::text as table, conname as reference from pg_constraint
    where contype = 'f' and not convalidated`,
};

const checked = (name: string, about: string, rows: readonly Readonly<Record<string, unknown>>[]): Checked => ({
  name,
  about,
  ok: rows.length === 0,
  rows: rows.slice(0, MOST_ROWS),
});

/**
 * Verifies what the architecture page promises, on a live database. Everything is read in one transaction, so that
 * commands which commit meanwhile cannot look like a breach; nothing is written.
 */
export async function checkBooks(db: Db, nowMs: number): Promise<CheckReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const checks: Checked[] = [];
      for (const { name, about, breaches } of RULES) {
        const found = await sql.raw<Record<string, unknown>>(`${breaches} limit ${String(MOST_ROWS)}`).execute(trx);
        checks.push(checked(name, about, found.rows));
      }
      const broken = await brokenAuditLines(trx);
      checks.push(checked('audit-chain', 'The audit chain verifies from its first record to its last.', broken));
      const damage = await sql.raw<Record<string, unknown>>(DANGLING[engineOf(db)]).execute(trx);
      checks.push(checked('references-resolve', 'Every reference in the database leads to a row.', damage.rows));
      return { ok: checks.every((check) => check.ok !== false), checkedAt: nowMs, checks };
    });
}
