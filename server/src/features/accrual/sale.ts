import { hash } from 'node:crypto';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Refused } from '../../platform/commands/commands.ts';
import type { Sale } from '../earning/index.ts';
import type { AccrueBody, DryRunSale } from './schemas.ts';

const DAY_MS = 24 * 3_600_000;
/** What a till has kept for longer needs a person. */
const QUEUED_MS = 7 * DAY_MS;
/** How far a till's clock may be ahead of ours. */
const AHEAD_MS = 5 * 60_000;

/** The sale as rules see it; refused in a currency that the merchant does not count in. */
export function saleOf(body: AccrueBody | DryRunSale, currency: string): Refused<Sale> {
  if ('points' in body) return ok({ points: body.points });
  if (body.currency !== currency) {
    return err(problem('invalid_fields', { fields: { '/currency': `This merchant counts in ${currency}.` } }));
  }
  const lines = (body.lines ?? []).map((line) => ({ ...line, category: line.category ?? null }));
  return ok({ amountMinor: body.amountMinor, lines });
}

/** How far back a sale may lie: as long as a till keeps it, or (staff) as long as they like. */
export type SoldWhen = 'lately' | 'whenever';

/** When it was sold: now, or as the till says, within bounds. */
export function soldAtOf(body: { soldAt?: number | undefined }, now: number, sold: SoldWhen): Refused<number> {
  const { soldAt = now } = body;
  const refused = (what: string) => err(problem('invalid_fields', { fields: { '/soldAt': what } }));
  if (soldAt > now + AHEAD_MS) return refused('This is in the future. Check the clock of the till.');
  if (sold === 'lately' && soldAt < now - QUEUED_MS)
    return refused('This was sold more than seven days ago: staff have to import it.');
  return ok(soldAt);
}

/** What makes two requests with one reference the same sale. */
export function contentOf(body: AccrueBody): string {
  const { member, soldAt = null } = body;
  const worth = 'points' in body ? [body.points] : [body.amountMinor, body.currency, body.lines ?? null];
  return hash('sha256', JSON.stringify([member, soldAt, worth]), 'base64url').slice(0, 22);
}
