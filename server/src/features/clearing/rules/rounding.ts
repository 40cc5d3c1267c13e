import { divideHalfEven } from '@tessera/shared/points';
import { assert } from '@tessera/shared/result';
import { OPERATOR, type MoneyAccount } from '../../../platform/database/schema/clearing.ts';
import type { Leg } from './legs.ts';
import { MILLION } from './terms.ts';

const SCALE = BigInt(MILLION);

/** An account of a party in a currency. */
export interface Place {
  readonly account: MoneyAccount;
  readonly party: string;
  readonly currency: string;
}

/** What has been booked at a place for one subject: the rounded sum, and what rounding has left. */
export interface Standing extends Place {
  readonly amount: number;
  readonly rest: number;
}

/** A line as it is stored, in minor units. */
export interface MoneyLine extends Standing {
  readonly counterparty: string;
  readonly points: number;
}

const placeOf = ({ account, party, currency }: Place): string => `${account}\n${party}\n${currency}`;

/** One leg a place: whoever is paid for points of several issuers is paid once, and the redemption is rounded as a whole. */
function merged(legs: readonly Leg[]): Leg[] {
  const places = new Map<string, Leg>();
  for (const leg of legs) {
    const key = placeOf(leg);
    const before = places.get(key);
    if (before === undefined) places.set(key, leg);
    else {
      const counterparty = before.counterparty === leg.counterparty ? leg.counterparty : '';
      const points = before.points + leg.points;
      places.set(key, { ...leg, counterparty, points, exact: before.exact + leg.exact });
    }
  }
  return [...places.values()];
}

function safe(value: bigint): number {
  const number = Number(value);
  assert(Number.isSafeInteger(number), 'money stays a safe integer');
  return number;
}

/** The next line of a place: what the whole so far is worth, rounded half to even, less what was booked before. */
function roundedOn(leg: Leg, before: Standing | undefined): MoneyLine {
  const { account, party, currency, counterparty, points, exact } = leg;
  const booked = BigInt(before?.amount ?? 0);
  const whole = booked * SCALE + BigInt(before?.rest ?? 0) + exact;
  const amount = divideHalfEven(whole, SCALE) - booked;
  return { account, party, currency, counterparty, points, amount: safe(amount), rest: safe(exact - amount * SCALE) };
}

/**
 * Rounds legs on the cumulative amount of their subject, so that parts always add up to their whole, and gives what the
 * sides' rounding leaves between them to `rounding`: the lines sum to zero in each currency.
 * @param before what has been booked for the same subject
 */
export function roundLegs(legs: readonly Leg[], before: readonly Standing[]): MoneyLine[] {
  const standing = new Map(before.map((each) => [placeOf(each), each]));
  const lines = merged(legs)
    .map((leg) => roundedOn(leg, standing.get(placeOf(leg))))
    .filter((line) => line.amount !== 0 || line.rest !== 0 || line.points !== 0);
  for (const currency of new Set(lines.map((line) => line.currency))) {
    const left = lines.reduce((total, line) => (line.currency === currency ? total + line.amount : total), 0);
    if (left === 0) continue;
    const place = { account: 'rounding' as const, party: OPERATOR, currency, counterparty: '' };
    lines.push({ ...place, points: 0, amount: -left, rest: left * MILLION });
  }
  return lines;
}
