import type { Rule } from './rule.ts';

const OPEN = `('held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt')`;

/** Invariant 1: points are never made or lost by accident. */
export const ledgerRules: readonly Rule[] = [
  {
    name: 'transactions-sum-to-zero',
    about: 'Every point transaction has postings, and they sum to zero.',
    breaches: `
      select t.transaction_id, t.kind, coalesce(sum(p.points), 0) as sum, count(p.line) as lines
      from point_transactions t left join point_postings p using (transaction_id)
      group by t.transaction_id having count(p.line) < 2 or sum(p.points) <> 0`,
  },
  {
    name: 'balances-equal-postings',
    about: 'Every balance equals the sum of its postings.',
    breaches: `
      with posted as (
        select member_id, account, sum(points) as points from point_postings
        where member_id is not null group by member_id, account),
      both as (
        select member_id, account, points as balance, 0 as posted from balances
        union all select member_id, account, 0, points from posted)
      select member_id, account, sum(balance) as balance, sum(posted) as posted
      from both group by member_id, account having sum(balance) <> sum(posted)`,
  },
  {
    name: 'available-equals-lots',
    about: 'Available points equal what remains in the lots.',
    breaches: `
      with both as (
        select member_id, points as available, 0 as remaining from balances where account = 'member:available'
        union all select member_id, 0, remaining from point_lots)
      select member_id, sum(available) as available, sum(remaining) as remaining
      from both group by member_id having sum(available) <> sum(remaining)`,
  },
  {
    name: 'held-equals-open-holds',
    about: 'Held points equal the open redemptions.',
    breaches: `
      with both as (
        select member_id, points as held, 0 as open from balances where account = 'member:held'
        union all select member_id, 0, price from redemptions where state in ${OPEN})
      select member_id, sum(held) as held, sum(open) as open
      from both group by member_id having sum(held) <> sum(open)`,
  },
  {
    name: 'lots-cover-their-holds',
    about: 'A lot never gives more than it had, and what is not taken any more has been given back.',
    breaches: `
      select l.lot_id, null as redemption_id, l.points, l.remaining + sum(h.points) as used
      from point_lots l join hold_lots h using (lot_id) group by l.lot_id having l.remaining + sum(h.points) > l.points
      union all
      select null, r.redemption_id, r.price, sum(h.points) from redemptions r join hold_lots h using (redemption_id)
      group by r.redemption_id having sum(h.points) > r.price`,
  },
];
