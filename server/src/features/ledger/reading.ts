import type { Db } from '../../platform/database/database.ts';
import type { PointTransactionKind } from '../../platform/database/schema/ledger.ts';
import { NEVER } from '../../platform/database/schema/ledger.ts';
import type { HoldKey } from './holds.ts';
import { holdById, type HoldRow } from './store/holds.ts';
import { livingLots, lotsUsedBy, type LotRow } from './store/lots.ts';
import { transactionsOfHold } from './store/transactions.ts';

/** A lot as people ask for it. */
export interface LotView {
  readonly lotId: string;
  readonly issuer: string | null;
  readonly rule: string;
  readonly accrualId: string | null;
  readonly earnedAt: number;
  /** Null where it does not expire. */
  readonly expiresAt: number | null;
  readonly points: number;
  readonly available: number;
  readonly pending: number;
  readonly vestAt: number | null;
  readonly vestOn: string | null;
  readonly originLotId: string | null;
}

/** What a hold took of one lot. */
export interface BurnPartView {
  readonly lot: LotView;
  /** Held or burnt. */
  readonly points: number;
  readonly returned: number;
}

/** Where the points of a redemption or a payment came from, and what happened to them. */
export interface Burn {
  readonly hold: HoldRow;
  readonly parts: readonly BurnPartView[];
  readonly transactions: readonly {
    readonly transactionId: string;
    readonly kind: PointTransactionKind;
    readonly at: number;
    readonly actor: string;
    readonly reason: string;
  }[];
}

const viewLot = (row: LotRow): LotView => ({
  lotId: row.lot_id,
  issuer: row.issuer,
  rule: row.rule,
  accrualId: row.accrual_id,
  earnedAt: row.earned_at,
  expiresAt: row.expires_at === NEVER ? null : row.expires_at,
  points: row.points,
  available: row.remaining,
  pending: row.pending,
  vestAt: row.vest_at,
  vestOn: row.vest_on,
  originLotId: row.origin_lot_id,
});

/** A member's lots with points left, in the order of burning. */
export async function lotsOf(db: Db, memberId: string): Promise<LotView[]> {
  return (await livingLots(db, memberId)).map(viewLot);
}

/** A hold with its lots in the order of burning, and its transactions in theirs. */
export async function burnOf(db: Db, key: HoldKey): Promise<Burn | undefined> {
  const [hold] = await holdById(db, key);
  if (!hold) return undefined;
  const used = await lotsUsedBy(db, key);
  const parts = used.map(({ taken, returned, ...row }) => ({ lot: viewLot(row), points: taken, returned }));
  return { hold, parts, transactions: await transactionsOfHold(db, key) };
}
