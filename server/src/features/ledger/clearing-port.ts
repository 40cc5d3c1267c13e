import type { Tx } from '../../platform/commands/commands.ts';

/** Points of one issuer's lot in a burn; a null lot stands for points that the member owed, a null issuer for the operator. */
export interface BurnPart {
  readonly lotId: string | null;
  readonly issuer: string | null;
  /** Whole points, positive. */
  readonly points: number;
}

/** Points of one lot that left or reached a member's account; issuer null is the operator. */
export interface LotMoved {
  readonly transactionId: string;
  readonly memberId: string;
  readonly lotId: string;
  readonly issuer: string | null;
  readonly points: number;
}

/** A new lot, pending or not, with all its points; `accrualId` is the sale that it was given for. */
export interface Issued extends LotMoved {
  readonly accrualId: string | null;
}

/**
 * A burn, or what comes back of one. `burnId` is the redemption's or the payment's id: money is rounded on the
 * cumulative amount of a burn. The beneficiary owns the gift or the counter, null is the operator.
 */
export interface Burnt {
  readonly transactionId: string;
  readonly memberId: string;
  readonly burnId: string;
  readonly beneficiary: string | null;
  readonly parts: readonly BurnPart[];
}

/**
 * A sale that was given back in whole or in part; `points` is what this step took of its points, `parts` says where from:
 * its own lots, others, or (a null lot) what the member owes now.
 */
export interface ClawedBack {
  readonly transactionId: string;
  readonly memberId: string;
  readonly accrualId: string;
  readonly issuer: string | null;
  readonly points: number;
  readonly parts: readonly BurnPart[];
}

/** A lot that became another member's: the new one takes the terms of the old one. */
export interface HandedOn {
  readonly from: { readonly memberId: string; readonly lotId: string };
  readonly to: { readonly memberId: string; readonly lotId: string };
}

/** A lot that was made for points which had paid off a debt that is undone now: the operator's. */
export interface Restored {
  readonly transactionId: string;
  readonly memberId: string;
  readonly lotId: string;
  readonly points: number;
}

/** What the money ledger is told of points, inside the command that moves them. */
export interface ClearingPort {
  issued(tx: Tx, event: Issued): Promise<void>;
  burnt(tx: Tx, event: Burnt): Promise<void>;
  returned(tx: Tx, event: Burnt): Promise<void>;
  clawedBack(tx: Tx, event: ClawedBack): Promise<void>;
  expired(tx: Tx, event: LotMoved): Promise<void>;
  /** Points of a lot that paid off what the member owed. */
  repaid(tx: Tx, event: LotMoved): Promise<void>;
  handedOn(tx: Tx, event: HandedOn): Promise<void>;
  restored(tx: Tx, event: Restored): Promise<void>;
}

/** Points without money: an alliance that settles elsewhere. */
export const noClearing: ClearingPort = {
  issued: () => Promise.resolve(),
  burnt: () => Promise.resolve(),
  returned: () => Promise.resolve(),
  clawedBack: () => Promise.resolve(),
  expired: () => Promise.resolve(),
  repaid: () => Promise.resolve(),
  handedOn: () => Promise.resolve(),
  restored: () => Promise.resolve(),
};
