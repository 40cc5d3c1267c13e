import type { Tx } from '../../platform/commands/commands.ts';

/** Points of one issuer's lot that moved; a null lot stands for points that the member owed, a null issuer for the operator. */
export interface BurnPart {
  readonly lotId: string | null;
  readonly issuer: string | null;
  /** Whole points, positive. */
  readonly points: number;
}

/** Points of one lot that left or reached a member's account; issuer null is the operator. */
export interface LotMoved {
  readonly transactionId: string;
  readonly lotId: string;
  readonly issuer: string | null;
  readonly points: number;
}

/**
 * A burn, or what comes back of one. `burnId` is the redemption's or the payment's id: money is rounded on the
 * cumulative amount of a burn. The beneficiary owns the gift or the counter, null is the operator.
 */
export interface Burnt {
  readonly transactionId: string;
  readonly burnId: string;
  readonly beneficiary: string | null;
  readonly parts: readonly BurnPart[];
}

/**
 * A sale that was given back in whole or in part; `points` is what this step took of its points. `parts` says where they
 * were found: in the sale's own lots, in others, or (lot null) nowhere yet, so that the member owes them.
 */
export interface ClawedBack {
  readonly transactionId: string;
  readonly accrualId: string;
  readonly issuer: string | null;
  readonly points: number;
  readonly parts: readonly BurnPart[];
}

/** What the money ledger is told of points, inside the command that moves them. */
export interface ClearingPort {
  issued(tx: Tx, event: LotMoved & { readonly memberId: string }): Promise<void>;
  burnt(tx: Tx, event: Burnt): Promise<void>;
  returned(tx: Tx, event: Burnt): Promise<void>;
  clawedBack(tx: Tx, event: ClawedBack): Promise<void>;
  expired(tx: Tx, event: LotMoved): Promise<void>;
}

/** Points without money: an alliance that settles elsewhere. */
export const noClearing: ClearingPort = {
  issued: () => Promise.resolve(),
  burnt: () => Promise.resolve(),
  returned: () => Promise.resolve(),
  clawedBack: () => Promise.resolve(),
  expired: () => Promise.resolve(),
};
