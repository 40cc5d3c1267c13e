import type { Rule } from './rule.ts';

/** States in which a run has its figures. */
const CALCULATED = `('calculated', 'approved', 'posted', 'paid', 'partially_paid', 'defaulted')`;

/** What settlement promises: every line in one run, every cent where it belongs. */
export const settlementRules: readonly Rule[] = [
  {
    name: 'runs-follow-on',
    about: 'Each settlement run begins where the one before ended.',
    breaches: `
      select run_id, number, from_posting, before from (
        select run_id, number, from_posting, lag(to_posting, 1, 0) over (order by number) as before
        from settlement_runs) runs
      where from_posting <> before`,
  },
  {
    name: 'lines-are-settled-once',
    about: 'Each statement is the sum of the lines that its run claims, and no line is claimed by two.',
    breaches: `
      with sides as (
        select run_id, party, currency, net_minor as net, lines, 0 as posted, 0 as posted_lines from settlement_nets
        union all
        select r.run_id, p.party, p.currency, 0, 0, p.amount, 1 from settlement_runs r
        join money_postings p on p.run_id is null and p.posting_id > r.from_posting and p.posting_id <= r.to_posting
        where r.state in ${CALCULATED} and p.account = 'merchant:clearing'
        union all
        select r.run_id, p.party, p.currency, 0, 0, p.amount, 1 from settlement_runs r
        join money_postings p on p.run_id = r.run_id and p.kind = 'dispute' and p.account = 'merchant:clearing'
        where r.state in ${CALCULATED})
      select run_id, party, currency, sum(net) as net, sum(posted) as posted, sum(lines) as lines,
        sum(posted_lines) as posted_lines
      from sides group by run_id, party, currency
      having sum(net) <> sum(posted) or sum(lines) <> sum(posted_lines)`,
  },
  {
    name: 'posted-runs-are-booked',
    about: 'A posted run has moved each net out of clearing, whole and once.',
    breaches: `
      with sides as (
        select n.run_id, n.party, n.currency, n.net_minor as net, 0 as moved from settlement_nets n
        join settlement_runs r on r.run_id = n.run_id where r.posted_at is not null
        union all
        select run_id, party, currency, 0, -amount from money_postings
        where kind = 'settle' and account = 'merchant:clearing')
      select run_id, party, currency, sum(net) as net, sum(moved) as moved
      from sides group by run_id, party, currency having sum(net) <> sum(moved)`,
  },
  {
    name: 'open-payments-are-payable',
    about: 'What a merchant is still to be paid, or to pay, is what its open statements say.',
    breaches: `
      with sides as (
        select party, currency, payable_minor - paid_minor as open, 0 as payable from settlement_nets where state = 'open'
        union all
        select party, currency, 0, amount from money_postings
        where account = 'merchant:payable' and party <> 'operator')
      select party, currency, sum(open) as open, sum(payable) as payable
      from sides group by party, currency having sum(open) <> sum(payable)`,
  },
  {
    name: 'suspense-is-disputed',
    about: 'What waits in suspense is what is disputed.',
    breaches: `
      with sides as (
        select party, currency, amount_minor as disputed, 0 as suspended from money_disputes where state = 'open'
        union all select party, currency, 0, amount from money_postings where account = 'merchant:suspense')
      select party, currency, sum(disputed) as disputed, sum(suspended) as suspended
      from sides group by party, currency having sum(disputed) <> sum(suspended)`,
  },
  {
    name: 'settlement-takes-two',
    about: 'A run was cut off by one person and approved by another.',
    breaches: `
      select run_id, number, cutoff_by, approved_by from settlement_runs
      where state in ('approved', 'posted', 'paid', 'partially_paid', 'defaulted')
        and (approved_by is null or approved_by = cutoff_by)`,
  },
];
