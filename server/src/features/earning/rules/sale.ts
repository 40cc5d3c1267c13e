/** Points for every full step of an amount. */
export interface Rate {
  readonly points: number;
  /** Minor units. */
  readonly perMinor: number;
}

/** One product of a sale. */
export interface SaleLine {
  readonly product: string;
  readonly category: string | null;
  readonly amountMinor: number;
}

/** A sale as rules see it: an amount, with its products where the till sent them, or points that the clerk typed. */
export type Sale = { readonly amountMinor: number; readonly lines: readonly SaleLine[] } | { readonly points: number };

/** What rules may ask about besides the sale. */
export interface Facts {
  /** When it was sold, ms since the epoch. */
  readonly soldAt: number;
  /** The merchant's: an IANA name. */
  readonly timeZone: string;
  readonly industryId: string;
  readonly rate: Rate;
  readonly firstVisit: boolean;
  /** `MM-DD`, null where the member has not said. */
  readonly birthday: string | null;
  /** The code of the member's tier; null for none, and where no rule asks. */
  readonly tier: string | null;
}
