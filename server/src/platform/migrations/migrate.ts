import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import { engineOf, type Db } from '../database/port.ts';
import { platformTables } from './0001-platform.ts';
import { peopleTables } from './0002-people.ts';
import { ledgerTables } from './0003-ledger.ts';
import { kioskTables } from './0004-kiosks.ts';
import { redemptionTables } from './0005-redemptions.ts';
import { clearingTables } from './0006-clearing.ts';
import { earningTables } from './0007-earning.ts';
import { paymentTables } from './0008-payments.ts';
import { campaignTables } from './0009-campaigns.ts';
import { exchangeFileTables } from './0010-exchange-files.ts';
import { settlementTables } from './0011-settlement.ts';
import { writerTables } from './0012-writers.ts';
import { tierTables } from './0013-tiers.ts';
import { forPostgres } from './postgres-dialect.ts';

/** In order, for ever: a migration that was released is never edited. Expand first, contract a release later. */
const migrations: Record<string, readonly string[]> = {
  '0001-platform': platformTables,
  '0002-people': peopleTables,
  '0003-ledger': ledgerTables,
  '0004-kiosks': kioskTables,
  '0005-redemptions': redemptionTables,
  '0006-clearing': clearingTables,
  '0007-earning': earningTables,
  '0008-payments': paymentTables,
  '0009-campaigns': campaignTables,
  '0010-exchange-files': exchangeFileTables,
  '0011-settlement': settlementTables,
  '0012-writers': writerTables,
  '0013-tiers': tierTables,
};

/** Rows that the migrations themselves begin with, by table: a database with no others is empty. */
export const rowsBegunWith: Readonly<Record<string, number>> = { clearing_parties: 1, money_marks: 1 };

const asMigration = (statements: readonly string[]): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});

/** Brings the database to the newest schema; throws, changing nothing, where that fails. Several servers may start at once. */
export async function migrate(db: Db): Promise<void> {
  const isPostgres = engineOf(db) === 'postgres';
  const spoken = (statements: readonly string[]) => (isPostgres ? statements.map(forPostgres) : statements);
  const provider = {
    getMigrations: () =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(migrations).map(([name, statements]) => [name, asMigration(spoken(statements))]),
        ),
      ),
  };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw new Error('Migration failed', { cause: error });
}
