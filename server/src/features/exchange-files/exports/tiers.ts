import { json, leaves, whole } from './table.ts';

/** The ladders, what counts towards a tier, and where each member stands. */
export const tiers = {
  'tier-ladders': leaves('tier_ladders', 1, [
    whole('version'),
    'time_zone',
    'span_days',
    'grace_days',
    'starts_at',
    'created_at',
    'created_by',
  ]),
  tiers: leaves('tiers', 2, [whole('version'), whole('level'), 'code', json('name'), 'points', 'member_days']),
  'tier-postings': leaves('tier_postings', 3, ['member_id', 'accrual_id', whole('line'), 'day', 'points', 'at']),
  'tier-standings': leaves('tier_standings', 1, [
    'member_id',
    'version',
    'level',
    'code',
    'points',
    'span_from',
    'counted_on',
    'grace_until',
    'review_on',
  ]),
  'tier-changes': leaves('tier_changes', 2, [
    'member_id',
    whole('seq'),
    'kind',
    'reason',
    'from_code',
    'to_code',
    'version',
    'points',
    'grace_until',
    'accrual_id',
    'actor',
    'at',
  ]),
};
