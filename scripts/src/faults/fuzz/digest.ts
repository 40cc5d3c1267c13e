import { createHash } from 'node:crypto';
import { openDatabase } from '@tessera/server/platform/database/database';

/**
 * What a refusal must leave as it was: points, stock, redemptions, and everything that people made. Not among them are the
 * stored answers, throttle counts, audit lines, sessions, and what jobs do by themselves.
 */
const tables = [
  'balances',
  'point_lots',
  'holds',
  'hold_lots',
  'point_adjustments',
  'campaigns',
  'campaign_members',
  'campaign_takings',
  'payments',
  'payment_refunds',
  'point_transactions',
  'clearing_rates',
  'clearing_parties',
  'clearing_lots',
  'money_postings',
  'money_proposals',
  'merchant_fees',
  'prepayments',
  'settlement_payments',
  'money_disputes',
  'kiosk_slots',
  'stock_movements',
  'stock_counts',
  'variances',
  'reward_uses',
  'rewards',
  'merchants',
  'branches',
  'terminals',
  'industries',
  'admins',
  'members',
  'member_addresses',
  'member_contacts',
  'merchant_memberships',
  'cards',
  'accruals',
  'pickups',
  'resolutions',
  'discrepancies',
  'enrolment_codes',
] as const;

/** Looks at the books beside the running server. */
export class BookDigest {
  readonly #database: ReturnType<typeof openDatabase>;

  constructor(databaseFile: string) {
    this.#database = openDatabase(databaseFile, { readonly: true });
  }

  /** One hash a table, so that a difference says where. */
  async take(): Promise<ReadonlyMap<string, string>> {
    const { db } = this.#database;
    const hashes = new Map<string, string>();
    for (const table of tables) hashes.set(table, hashOf(await db.selectFrom(table).selectAll().execute()));
    const redemptions = await db
      .selectFrom('redemptions')
      .select(['redemption_id', 'state', 'slot', 'price', 'outcome', 'extra_drops', 'corrections'])
      // The tombstone of a refused id is its stored answer; overdue is what silence makes.
      .where('state', '<>', 'refused')
      .execute();
    const calm = redemptions.map((row) => ({ ...row, state: row.state.replace('_overdue', '') }));
    return hashes.set('redemptions', hashOf(calm));
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

const hashOf = (rows: readonly object[]): string => createHash('sha256').update(JSON.stringify(rows)).digest('hex');

/** The tables in which two digests differ. */
export const differences = (one: ReadonlyMap<string, string>, two: ReadonlyMap<string, string>): string[] =>
  [...two].filter(([table, hash]) => one.get(table) !== hash).map(([table]) => table);
