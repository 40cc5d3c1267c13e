import type { Rule } from './rule.ts';

/**
 * Redemptions that two staff corrected afterwards: their books differ from their state on purpose. Counted from the ledger,
 * in a table of its own: `corrected` is to be joined.
 */
const corrected = `corrected as (select hold_id, count(*) as times from point_transactions
  where kind = 'correct' and hold_id is not null group by hold_id)`;
/** True where a redemption's points are burnt, after all corrections. */
const burns = `case when r.state = 'captured' then coalesce(c.times, 0) % 2 = 0 else coalesce(c.times, 0) % 2 = 1 end`;

/** The step by which a redemption reached a state for the first time. */
const decidedBy = (state: string): string => `(select e.event from redemption_events e
  where e.redemption_id = r.redemption_id and e.to_state = '${state}' and e.from_state <> '${state}')`;

/** Invariant 3: a redemption ends exactly once, and captured only on proof. */
export const redemptionRules: readonly Rule[] = [
  {
    name: 'timeline-is-the-state',
    about: 'Each redemption’s timeline is gapless, follows on itself, and ends in its present state.',
    breaches: `
      with steps as (
        select redemption_id, seq, from_state, to_state,
          lag(to_state, 1, 'none') over (partition by redemption_id order by seq) as before,
          row_number() over (partition by redemption_id order by seq) as place
        from redemption_events)
      select redemption_id, seq, before, from_state, to_state from steps where before <> from_state or place <> seq
      union all
      select redemption_id, events, last, state, null from (
        select r.redemption_id, r.events, r.state, (select s.to_state from steps s
          where s.redemption_id = r.redemption_id order by s.seq desc limit 1) as last from redemptions r) as ends
      where last is distinct from state`,
  },
  {
    name: 'ends-once',
    about: 'A redemption ends at most once.',
    breaches: `
      select redemption_id, count(*) as ends from redemption_events
      where to_state in ('captured', 'released', 'refused') and from_state <> to_state
      group by redemption_id having count(*) > 1`,
  },
  {
    name: 'captured-on-proof',
    about: 'Captured only on a proven drop, a valid count or two staff.',
    breaches: `
      select r.redemption_id, ${decidedBy('captured')} as decided_by from redemptions r
      where r.state = 'captured' and coalesce(${decidedBy('captured')}, '') not in ('dropped', 'count_fell', 'staff_captured')`,
  },
  {
    name: 'released-on-proof',
    about:
      'Released only on proof of absence, by the kiosk’s own journal, a valid count or two staff; never by a timer.',
    breaches: `
      select r.redemption_id, ${decidedBy('released')} as decided_by from redemptions r
      where r.state = 'released' and coalesce(${decidedBy('released')}, '')
        not in ('not_dropped', 'abandon', 'never_requested', 'revoked', 'count_absent', 'staff_released')`,
  },
  {
    name: 'two-staff-are-two',
    about: 'What staff decided was proposed by one person and confirmed by another.',
    breaches: `
      select resolution_id, redemption_id, proposed_by, confirmed_by from resolutions
      where state = 'confirmed' and (confirmed_by is null or confirmed_by = proposed_by)
      union all
      select null, r.redemption_id, null, null from redemptions r
      where (${decidedBy('captured')} = 'staff_captured' or ${decidedBy('released')} = 'staff_released')
        and not exists (select 1 from resolutions s where s.redemption_id = r.redemption_id and s.state = 'confirmed')`,
  },
  {
    name: 'points-follow-the-state',
    about: 'A captured redemption burnt its price once, every other none; a correction by two staff turns that round.',
    breaches: `
      with ${corrected},
      burnt as (
        select h.hold_id, h.captured, coalesce(sum(p.points), 0) + h.returned as redeemed
        from holds h
        left join point_transactions t on t.member_id = h.member_id and t.hold_id = h.hold_id
        left join point_postings p on p.member_id = t.member_id and p.transaction_id = t.transaction_id
          and p.account = 'redeemed'
        where h.purpose = 'redemption' group by h.hold_id, h.captured, h.returned)
      select r.redemption_id, r.state, r.price, coalesce(b.captured, 0) as captured, coalesce(b.redeemed, 0) as redeemed
      from redemptions r left join corrected c on c.hold_id = r.redemption_id
      left join burnt b on b.hold_id = r.redemption_id
      where coalesce(b.redeemed, 0) <> case when ${burns} then r.price else 0 end
        or coalesce(b.captured, 0) <> case when ${burns} then r.price else 0 end`,
  },
  {
    name: 'limits-are-counted',
    about: 'Each member’s use of a gift equals their open and captured redemptions of it.',
    breaches: `
      with ${corrected},
      both_sides as (
        select member_id, reward_id, taken, 0 as counted from reward_uses
        union all
        select r.member_id, r.reward_id, 0, 1 from redemptions r left join corrected c on c.hold_id = r.redemption_id
        where case when coalesce(c.times, 0) = 0 then r.state not in ('none', 'released', 'refused') else ${burns} end)
      select member_id, reward_id, sum(taken) as taken, sum(counted) as counted
      from both_sides group by member_id, reward_id having sum(taken) <> sum(counted)`,
  },
  {
    name: 'campaigns-are-counted',
    about: 'What a campaign has given equals the gifts that count for it, in all and for each member.',
    breaches: `
      with sides as (
        select campaign_id, '' as member_id, gifts, points, 0 as counted, 0 as counted_points from campaigns
        union all
        select campaign_id, member_id, gifts, 0, 0, 0 from campaign_members
        union all
        select campaign_id, '', 0, 0, 1, points from campaign_takings
        union all
        select campaign_id, member_id, 0, 0, 1, 0 from campaign_takings)
      select campaign_id, member_id, sum(gifts) as gifts, sum(counted) as counted, sum(points) as points,
        sum(counted_points) as counted_points
      from sides group by campaign_id, member_id
      having sum(gifts) <> sum(counted) or sum(points) <> sum(counted_points)
      union all
      select t.campaign_id, t.member_id, t.points, h.points, 0, 0 from campaign_takings t
      left join holds h on h.member_id = t.member_id and h.hold_id = t.hold_id
      where h.hold_id is null or h.state = 'released' or h.points <> t.points`,
  },
];
