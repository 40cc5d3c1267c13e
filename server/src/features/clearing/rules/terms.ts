import { OPERATOR, type ClearingBasis } from '../../../platform/database/schema/clearing.ts';

/** Millionths of a minor unit in a minor unit, and parts of a whole. */
export const MILLION = 1_000_000;

/** The rate of a lot. Prices are millionths of a minor unit for one point. */
export interface Terms {
  readonly rateId: string;
  readonly currency: string;
  readonly basis: ClearingBasis;
  readonly face: number;
  readonly issue: number;
  readonly redeem: number;
  /** The issuer's share of what expires, in millionths. */
  readonly issuerShare: number;
}

/** Points of one issuer at one rate; they may be fewer than none where something is taken back. */
export interface Portion {
  readonly issuer: string;
  readonly terms: Terms;
  readonly points: number;
}

/** Points that nobody pays for by a rate of their own: the operator pays their face, so that a fund stays whole. */
export const paidByOperator = (terms: Terms, points: number): Portion => ({
  issuer: OPERATOR,
  terms: { ...terms, basis: 'on_redeem', issue: terms.face },
  points,
});
