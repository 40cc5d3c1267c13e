import type { Rule } from './rule.ts';

const OPEN = `('held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt')`;

/** Invariant 1: points are never made or lost by accident. */
export const ledgerRules: readonly Rule[] = [
  {
    name: 'transactions-sum-to-zero',
    about: 'Every point transaction has postings, and they sum to zero.',
    breaches: `
      select t.member_id, t.transaction_id, t.kind, coalesce(sum(p.points), 0) as sum, count(p.line) as lines
      from point_transactions t
      left join point_postings p on p.member_id = t.member_id and p.transaction_id = t.transaction_id
      group by t.member_id, t.transaction_id, t.kind having count(p.line) < 2 or sum(p.points) <> 0`,
  },
  {
    name: 'balances-equal-postings',
    about: 'Every balance equals the sum of its postings.',
    breaches: `
      with sides as (
        select member_id, pending, available, held, debt, 0 as p_pending, 0 as p_available, 0 as p_held, 0 as p_debt
        from balances
        union all
        select member_id, 0, 0, 0, 0,
          sum(case when account = 'member:pending' then points else 0 end),
          sum(case when account = 'member:available' then points else 0 end),
          sum(case when account = 'member:held' then points else 0 end),
          -sum(case when account = 'member:debt' then points else 0 end)
        from point_postings group by member_id)
      select member_id, sum(pending) as pending, sum(p_pending) as posted_pending, sum(available) as available,
        sum(p_available) as posted_available, sum(held) as held, sum(p_held) as posted_held, sum(debt) as debt,
        sum(p_debt) as posted_debt
      from sides group by member_id
      having sum(pending) <> sum(p_pending) or sum(available) <> sum(p_available)
        or sum(held) <> sum(p_held) or sum(debt) <> sum(p_debt)`,
  },
  {
    name: 'available-equals-lots',
    about: 'Available and pending points equal what remains in the lots.',
    breaches: `
      with sides as (
        select member_id, available, pending, 0 as l_available, 0 as l_pending from balances
        union all select member_id, 0, 0, remaining, pending from point_lots)
      select member_id, sum(available) as available, sum(l_available) as in_lots, sum(pending) as pending,
        sum(l_pending) as pending_in_lots
      from sides group by member_id
      having sum(available) <> sum(l_available) or sum(pending) <> sum(l_pending)`,
  },
  {
    name: 'lots-equal-postings',
    about: 'What a lot has left equals what was posted into it and out of it.',
    breaches: `
      with sides as (
        select member_id, lot_id, remaining, pending, 0 as p_remaining, 0 as p_pending from point_lots
        union all
        select member_id, lot_id, 0, 0, sum(case when account = 'member:available' then points else 0 end),
          sum(case when account = 'member:pending' then points else 0 end)
        from point_postings where lot_id is not null group by member_id, lot_id)
      select member_id, lot_id, sum(remaining) as remaining, sum(p_remaining) as posted, sum(pending) as pending,
        sum(p_pending) as posted_pending
      from sides group by member_id, lot_id
      having sum(remaining) <> sum(p_remaining) or sum(pending) <> sum(p_pending)`,
  },
  {
    name: 'held-equals-open-holds',
    about: 'Held points equal the open holds, and each open redemption has its hold.',
    breaches: `
      with sides as (
        select member_id, held, 0 as open, 0 as wanted, 0 as redemptions from balances
        union all
        select member_id, 0, points, case when purpose = 'redemption' then points else 0 end, 0
        from holds where state = 'open'
        union all select member_id, 0, 0, 0, price from redemptions where state in ${OPEN})
      select member_id, sum(held) as held, sum(open) as open, sum(wanted) as for_redemptions,
        sum(redemptions) as open_redemptions
      from sides group by member_id
      having sum(held) <> sum(open) or sum(wanted) <> sum(redemptions)`,
  },
  {
    name: 'lots-cover-their-holds',
    about: 'A lot never gives more than it had; a hold is its lots and what is owed for it.',
    breaches: `
      select l.member_id, l.lot_id, null as hold_id, l.points, l.remaining + l.pending + sum(h.points - h.returned) as used
      from point_lots l join hold_lots h on h.member_id = l.member_id and h.lot_id = l.lot_id
      group by l.member_id, l.lot_id, l.points, l.remaining, l.pending
      having l.remaining + l.pending + sum(h.points - h.returned) > l.points
      union all
      select h.member_id, null, h.hold_id, case h.state when 'open' then h.points else h.captured end,
        h.owed + coalesce(sum(l.points), 0)
      from holds h left join hold_lots l on l.member_id = h.member_id and l.hold_id = h.hold_id
      group by h.member_id, h.hold_id, h.state, h.points, h.captured, h.owed, h.returned
      having h.owed + coalesce(sum(l.points), 0) <> case h.state when 'open' then h.points else h.captured end
        or coalesce(sum(l.returned), 0) <> case when h.returned > h.owed then h.returned - h.owed else 0 end`,
  },
  {
    name: 'burns-equal-captures',
    about: 'What a hold burnt equals what was captured of it and has not come back.',
    breaches: `
      with sides as (
        select member_id, hold_id, captured - returned as burnt, 0 as posted from holds
        union all
        select t.member_id, t.hold_id, 0, p.points from point_transactions t
        join point_postings p on p.member_id = t.member_id and p.transaction_id = t.transaction_id
        where p.account = 'redeemed')
      select member_id, hold_id, sum(burnt) as burnt, sum(posted) as posted
      from sides group by member_id, hold_id having sum(burnt) <> sum(posted)`,
  },
  {
    name: 'payments-follow-holds',
    about: 'A payment at a counter is its hold: points, captured, come back; and what came back is its refunds.',
    breaches: `
      select p.payment_id, p.state, h.state as hold, p.points, h.points as held, p.captured, h.captured as burnt,
        p.returned, h.returned as restored
      from payments p left join holds h on h.member_id = p.member_id and h.hold_id = p.payment_id
      where h.hold_id is null or p.points <> h.points or p.captured <> h.captured or p.returned <> h.returned
        or h.state <> case p.state when 'held' then 'open' when 'voided' then 'released' else 'captured' end
        or p.returned <> coalesce((select sum(r.points) from payment_refunds r where r.payment_id = p.payment_id), 0)
      union all
      select h.hold_id, null, h.state, null, h.points, null, h.captured, null, h.returned
      from holds h left join payments p on p.payment_id = h.hold_id
      where h.purpose = 'payment' and p.payment_id is null`,
  },
  {
    name: 'transfers-arrive',
    about: 'What left one member by a transfer reached another.',
    breaches: `
      select t.reference, sum(p.points) as underway from point_transactions t
      join point_postings p on p.member_id = t.member_id and p.transaction_id = t.transaction_id
      where p.account = 'transferred' group by t.reference having sum(p.points) <> 0`,
  },
  {
    name: 'adjusted-by-two',
    about:
      'Every change of points by hand was proposed by one person and confirmed by another, and booked once as proposed.',
    breaches: `
      select a.adjustment_id, a.points, coalesce(sum(p.points), 0) as booked
      from point_adjustments a
      left join point_transactions t on t.member_id = a.member_id and t.reference = a.adjustment_id and t.kind = 'adjust'
      left join point_postings p on p.member_id = t.member_id and p.transaction_id = t.transaction_id
        and p.account = 'member:available'
      group by a.adjustment_id, a.points, a.state, a.proposed_by, a.decided_by
      having coalesce(sum(p.points), 0) <> case a.state when 'confirmed' then a.points else 0 end
        or (a.state = 'confirmed' and (a.decided_by is null or a.decided_by = a.proposed_by))
      union all
      select t.transaction_id, 0, 0 from point_transactions t
      left join point_adjustments a on a.member_id = t.member_id and a.adjustment_id = t.reference
      where t.kind = 'adjust' and a.adjustment_id is null`,
  },
];
