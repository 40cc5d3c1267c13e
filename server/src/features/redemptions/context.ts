import type { Evidence, Outcome } from '@tessera/shared/protocol/kiosk-parts';

/** What is known of a redemption's event beside its name. */
export interface EventContext {
  /** Where it fell, or was about to. */
  readonly slot?: number;
  readonly outcome?: Outcome;
  readonly evidence?: Evidence;
  /** Stands in the timeline. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** How many of this gift the member may have; no limit unless told. */
  readonly limit?: number;
  /** The campaign of the gift, whose limits hold too. */
  readonly campaignId?: string | null;
  /** The merchant that owns the gift and is paid for it; the operator unless told. */
  readonly beneficiary?: string | null;
  /** Hold what has already happened in the world even if the books have no points or unit for it. */
  readonly force?: boolean;
}
