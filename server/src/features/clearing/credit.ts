import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { statement } from '../../platform/database/statement.ts';
import { balances } from './balances.ts';

/** How far a party may still go, in minor units of its currency. */
export interface Credit {
  readonly party: string;
  readonly currency: string;
  /** What it may owe; null for any amount. */
  readonly limitMinor: number | null;
  /** What it has paid ahead, less what it owes. */
  readonly standingMinor: number;
  readonly suspendedSince: number | null;
}

/** Accounts that count: what is owed now, what was billed and not paid, and what was paid ahead. */
const COUNTED = ['merchant:clearing', 'merchant:payable', 'prepaid'];

/** What is left of the limit; null where there is none. */
export const headroomOf = ({ limitMinor, standingMinor }: Credit): number | null =>
  limitMinor === null ? null : limitMinor + standingMinor;

/** A merchant's credit; undefined where there is no such merchant. */
export async function creditOf(db: Db, merchantId: string): Promise<Credit | undefined> {
  const row = await db
    .selectFrom('merchants')
    .leftJoin('clearing_parties', 'clearing_parties.party', 'merchants.merchant_id')
    .select(['merchants.currency', 'issuing_suspended_at', 'credit_limit_minor'])
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst();
  if (!row) return undefined;
  const counted = (await balances(db, { party: merchantId })).filter(
    (each) => COUNTED.includes(each.account) && each.currency === row.currency,
  );
  return {
    party: merchantId,
    currency: row.currency,
    limitMinor: row.credit_limit_minor,
    standingMinor: counted.reduce((total, each) => total + each.amount, 0),
    suspendedSince: row.issuing_suspended_at,
  };
}

/** Suspends the issuing of a merchant whose limit is used up, and lifts it where there is room again. */
export async function watchCredit(tx: Tx, audit: Audit, merchantId: string): Promise<void> {
  const credit = await creditOf(tx.db, merchantId);
  if (credit === undefined) return;
  const headroom = headroomOf(credit);
  const isUsedUp = headroom !== null && headroom <= 0;
  if (isUsedUp === (credit.suspendedSince !== null)) return;
  await tx.db
    .updateTable('merchants')
    .set({ issuing_suspended_at: isUsedUp ? tx.at : null })
    .where('merchant_id', '=', merchantId)
    .execute();
  const facts = { limitMinor: credit.limitMinor, standingMinor: credit.standingMinor };
  await audit.write(tx, isUsedUp ? 'issuing.suspended' : 'issuing.resumed', `merchant:${merchantId}`, facts);
}

/** Every merchant that has a limit. */
export async function limitedMerchants(db: Db): Promise<string[]> {
  return (await limited(db, {})).map((row) => row.party);
}

const limited = statement((db) =>
  db
    .selectFrom('clearing_parties')
    .innerJoin('merchants', 'merchants.merchant_id', 'clearing_parties.party')
    .select('party')
    .where((eb) => eb.or([eb('credit_limit_minor', 'is not', null), eb('issuing_suspended_at', 'is not', null)])),
);
