/** Every duration of the main job, in ms, once. Injected, so that tests and the simulation may shorten them. */
export interface Timeouts {
  /** From the kiosk's first send of authorise to the latest start of the pulse. */
  readonly vendByMs: number;
  /** The longest that a vend and the report of its outcome take when nothing is wrong. */
  readonly longestVendMs: number;
  /** Overdue for that long is in doubt. */
  readonly doubtAfterMs: number;
  /** How long a session lives after identify. */
  readonly sessionMs: number;
  /** A scanner repeats what it reads: the same code at the same kiosk within that time is one scan. */
  readonly scannerRepeatMs: number;
  /** A pick-up order ends this long after its code has expired: the kiosk's clock may lag. */
  readonly pickupGraceMs: number;
  /** A connection that has not said hello by then is closed. */
  readonly helloMs: number;
  /** How often overdue is looked for; doubt, which takes a day, twelve times more rarely. */
  readonly sweepMs: number;
  /** Members are told of points that expire so long before. */
  readonly expiryWarningMs: number;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;

export const defaultTimeouts: Timeouts = {
  vendByMs: 20 * SECOND,
  longestVendMs: 40 * SECOND,
  doubtAfterMs: 24 * HOUR,
  sessionMs: 600 * SECOND,
  scannerRepeatMs: 3 * SECOND,
  pickupGraceMs: 300 * SECOND,
  helloMs: 10 * SECOND,
  sweepMs: 5 * SECOND,
  expiryWarningMs: 30 * 24 * HOUR,
};
