import type { Rule } from './rule.ts';

const OPEN = `('held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt')`;
const uncorrected = `not exists (select 1 from redemption_events e
  where e.redemption_id = r.redemption_id and e.event = 'corrected')`;

/** Invariant 4: every unit is accounted for. */
export const stockRules: readonly Rule[] = [
  {
    name: 'stock-equals-movements',
    about: 'What a slot holds equals the sum of its movements.',
    breaches: `
      select s.kiosk_id, s.slot, s.on_hand, coalesce(sum(m.change), 0) as moved
      from kiosk_slots s left join stock_movements m on m.kiosk_id = s.kiosk_id and m.slot = s.slot
      group by s.kiosk_id, s.slot having s.on_hand <> coalesce(sum(m.change), 0)`,
  },
  {
    name: 'movements-follow-on',
    about: 'Every movement says truly how many were there after it.',
    breaches: `
      with running as (
        select movement_id, kiosk_id, slot, on_hand_after,
          sum(change) over (partition by kiosk_id, slot order by movement_id) as expected
        from stock_movements)
      select movement_id, kiosk_id, slot, on_hand_after, expected from running where on_hand_after <> expected`,
  },
  {
    name: 'counts-add-up',
    about: 'At each count: previous count + loaded − dropped − removed − written off + variance = counted.',
    breaches: `
      select c.count_id, c.kiosk_id, c.slot, c.counted, m.on_hand_after as booked
      from stock_counts c join stock_movements m using (movement_id)
      where c.verdict <> 'not_conclusive' and c.counted <> m.on_hand_after`,
  },
  {
    name: 'reserved-equals-open',
    about: 'Reserved units equal the open redemptions of their slot, units in doubt those in doubt.',
    breaches: `
      select s.kiosk_id, s.slot, s.reserved, s.in_doubt, count(r.redemption_id) as open,
        count(case when r.state = 'in_doubt' then 1 end) as doubts
      from kiosk_slots s
      left join redemptions r on r.kiosk_id = s.kiosk_id and r.slot = s.slot and r.state in ${OPEN}
      group by s.kiosk_id, s.slot
      having s.reserved <> count(r.redemption_id) or s.in_doubt <> count(case when r.state = 'in_doubt' then 1 end)`,
  },
  {
    name: 'drops-equal-captures',
    about: 'Every captured redemption dropped one unit, and no other redemption dropped any.',
    breaches: `
      with dropped as (
        select redemption_id, count(*) as units from stock_movements where kind = 'drop' group by redemption_id)
      select r.redemption_id, r.state, coalesce(d.units, 0) as drops
      from redemptions r left join dropped d on d.redemption_id = r.redemption_id
      where coalesce(d.units, 0) <> case when r.state = 'captured' then 1 else 0 end and ${uncorrected}`,
  },
  {
    name: 'doubt-closes-the-slot',
    about: 'No slot with a unit in doubt serves anybody.',
    breaches: `select kiosk_id, slot, in_doubt from kiosk_slots where in_doubt > 0 and in_service = 1`,
  },
];
