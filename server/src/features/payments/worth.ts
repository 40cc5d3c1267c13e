import type { Db } from '../../platform/database/database.ts';

/** Money in minor units of a currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** What clearing pays a merchant for points that are spent there; null where no rate says it. */
export interface PointsWorth {
  worthOf(db: Db, merchantId: string, points: number, at: number): Promise<Money | null>;
}
