import type { Db } from '../../platform/database/database.ts';
import type { Accruals } from '../accrual/index.ts';
import type { Burn, Ledger } from '../ledger/index.ts';
import type { Merchants } from '../merchants/index.ts';

/** The sale that points came of. */
export type Sale = Awaited<ReturnType<Accruals['byIds']>>[number];

/** A burn with everything that it leads to. */
export interface Explained {
  readonly burn: Burn;
  /** Merchants by id: issuers, and who is paid. */
  readonly merchants: ReadonlyMap<string, string>;
  /** Sales by id. */
  readonly sales: ReadonlyMap<string, Sale>;
}

interface ExplainParts {
  readonly ledger: Ledger;
  readonly merchants: Merchants;
  readonly accruals: Accruals;
  /** Whose redemption or payment an id is. */
  readonly ownerOf: (db: Db, burnId: string) => Promise<string | undefined>;
}

/** Says where the points of a redemption or a payment came from: lots, issuers, rules, sales. Undefined for an unknown id. */
export async function explainBurn(parts: ExplainParts, db: Db, burnId: string): Promise<Explained | undefined> {
  const memberId = await parts.ownerOf(db, burnId);
  const burn = memberId === undefined ? undefined : await parts.ledger.burn(db, { memberId, holdId: burnId });
  if (!burn) return undefined;
  const lots = burn.parts.map((part) => part.lot);
  const saleIds = new Set(lots.flatMap(({ accrualId }) => accrualId ?? []));
  const sales = await parts.accruals.byIds(db, [...saleIds]);
  const merchantIds = new Set([
    ...lots.flatMap(({ issuer }) => issuer ?? []),
    ...sales.map((sale) => sale.merchant_id),
    ...(burn.hold.beneficiary === null ? [] : [burn.hold.beneficiary]),
  ]);
  const merchants = new Map<string, string>();
  for (const merchantId of merchantIds) {
    const merchant = await parts.merchants.find(db, merchantId);
    if (merchant) merchants.set(merchantId, merchant.name);
  }
  return { burn, merchants, sales: new Map(sales.map((sale) => [sale.accrual_id, sale])) };
}
