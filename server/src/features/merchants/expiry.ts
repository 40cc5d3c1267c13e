import type { ExpiryRule } from '../ledger/index.ts';
import type { MerchantRow } from './service.ts';

/** How points that are earned at a merchant expire. */
export function expiryOf(merchant: Pick<MerchantRow, 'points_expiry' | 'points_valid_days'>): ExpiryRule {
  const { points_expiry, points_valid_days: days } = merchant;
  if (points_expiry !== null) return JSON.parse(points_expiry) as ExpiryRule;
  return days === null ? { kind: 'never' } : { kind: 'rolling', days };
}
