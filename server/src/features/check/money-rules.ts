import type { Rule } from './rule.ts';

/** Points that the fund has to cover, by lot: what is left of it and what open holds have taken from it. */
const outstanding = `
  select member_id, lot_id, remaining + pending as points from point_lots where remaining + pending > 0
  union all
  select l.member_id, l.lot_id, l.points - l.returned from hold_lots l
  join holds h on h.member_id = l.member_id and h.hold_id = l.hold_id and h.state = 'open'`;

/** Invariant 2 and the money ledger's part of invariant 1. */
export const moneyRules: readonly Rule[] = [
  {
    name: 'money-sums-to-zero',
    about: 'Every money transaction sums to zero in each currency, in minor units and in what rounding left.',
    breaches: `
      select transaction_id, currency, sum(amount) as sum, sum(rest) as rest from money_postings
      group by transaction_id, currency having sum(amount) <> 0 or sum(rest) <> 0`,
  },
  {
    name: 'money-balances-equal-postings',
    about: 'Every rolled-up money balance equals the sum of its postings up to the mark.',
    breaches: `
      with posted as (
        select party, account, currency, sum(amount) as amount, sum(rest) as rest, sum(points) as points
        from money_postings where posting_id <= (select posting_id from money_marks where name = 'balances')
        group by party, account, currency),
      both_sides as (
        select party, account, currency, amount, rest, points, 0 as amount_posted, 0 as rest_posted, 0 as points_posted
        from money_balances
        union all select party, account, currency, 0, 0, 0, amount, rest, points from posted)
      select party, account, currency, sum(amount) as balance, sum(amount_posted) as posted
      from both_sides group by party, account, currency
      having sum(amount) <> sum(amount_posted) or sum(rest) <> sum(rest_posted) or sum(points) <> sum(points_posted)`,
  },
  {
    name: 'points-are-funded',
    about:
      'Per currency, the face of the points that were paid for when they were issued, less what members owe, equals the points fund to the millionth.',
    breaches: `
      with face as (
        select r.currency, sum(o.points * r.face_micro) as micro from (${outstanding}) o
        join clearing_lots c on c.member_id = o.member_id and c.lot_id = o.lot_id
        join clearing_rates r on r.rate_id = c.rate_id and r.basis = 'on_issue' group by r.currency
        union all
        select r.currency, -sum(d.points * r.face_micro) from clearing_debts d
        join clearing_rates r on r.rate_id = d.rate_id group by r.currency),
      both_sides as (
        select currency, micro as face, 0 as fund from face
        union all select currency, 0, amount * 1000000 + rest from money_postings where account = 'points_fund')
      select currency, sum(face) as face_micro, sum(fund) as fund_micro
      from both_sides group by currency having sum(face) <> sum(fund)`,
  },
  {
    name: 'debts-are-lent',
    about: 'The money ledger has lent a member no more points than the member owes for what is burnt.',
    breaches: `
      with sides as (
        select member_id, points as lent, 0 as owed from clearing_debts
        union all select member_id, 0, debt from balances
        union all select member_id, 0, -owed from holds where state = 'open')
      select member_id, sum(lent) as lent, sum(owed) as owed from sides group by member_id
      having sum(lent) > case when sum(owed) > 0 then sum(owed) else 0 end`,
  },
  {
    name: 'money-takes-two',
    about: 'Rates, terms, fees and corrections were proposed by one person and confirmed by another.',
    breaches: `
      select p.proposal_id, p.proposed_by, p.decided_by from money_proposals p
      where p.state = 'confirmed' and (p.decided_by is null or p.decided_by = p.proposed_by)
      union all
      select r.proposal_id, null, null from clearing_rates r left join money_proposals p using (proposal_id)
      where p.state is distinct from 'confirmed'`,
  },
];
