import type { Rule } from './rule.ts';

/** Qualifying points and tiers: what a member has is what the sales say. */
export const tierRules: readonly Rule[] = [
  {
    name: 'qualifying-equals-sales',
    about: 'What counts of a sale for tiers is its qualifying points less those of what came back, each sale once.',
    breaches: `
      with counted as (
        select member_id, accrual_id, sum(points) as counted,
          -- A sum is no whole number to PostgreSQL, and would be divided into fractions.
          cast(sum(case when line = 1 then points else 0 end) as bigint) as whole
        from tier_postings group by member_id, accrual_id),
      shares as (
        select c.member_id, c.accrual_id, c.counted, c.whole, a.member_id as buyer, a.qualifying_points, a.points,
          case when a.refunded_points = a.points then c.whole else c.whole * a.refunded_points / a.points end as down,
          case when a.refunded_points = a.points then 0 else c.whole * a.refunded_points % a.points end as rest
        from counted c left join accruals a on a.accrual_id = c.accrual_id)
      select member_id, accrual_id, counted, whole, qualifying_points, down from shares
      where buyer is null or buyer <> member_id or whole <> coalesce(qualifying_points, whole)
        or counted <> whole - down - case when 2 * rest > points or (2 * rest = points and down % 2 = 1) then 1 else 0 end
      union all
      select a.member_id, a.accrual_id, 0, 0, a.qualifying_points, null from accruals a
      join tier_standings s on s.member_id = a.member_id
      join tier_ladders l on l.version = s.version
      left join tier_postings p on p.member_id = a.member_id and p.accrual_id = a.accrual_id and p.line = 1
      where a.qualifying_points > 0 and a.created_at > l.starts_at and p.line is null
        and exists (select 1 from tiers t where t.version = l.version)
        and not exists (select 1 from tier_ladders n where n.version > l.version and n.starts_at <= a.created_at)`,
  },
  {
    name: 'standings-equal-qualifying',
    about: 'The points of each member’s standing are what was counted within its span.',
    breaches: `
      select s.member_id, s.points, coalesce(sum(p.points), 0) as counted from tier_standings s
      left join tier_postings p on p.member_id = s.member_id and p.day between s.span_from and s.counted_on
      group by s.member_id, s.points having s.points <> coalesce(sum(p.points), 0)`,
  },
  {
    name: 'tiers-are-deserved',
    about: 'Each member has the tier that points and age deserve, or a higher one whose grace has not ended.',
    breaches: `
      with deserved as (
        select s.member_id, coalesce(max(t.level), 0) as level from tier_standings s
        left join tiers t on t.version = s.version and t.points <= s.points
          and t.member_days <= s.counted_on - s.joined_on
        group by s.member_id)
      select s.member_id, s.code, s.level, d.level as deserved, s.grace_until, s.counted_on from tier_standings s
      join deserved d on d.member_id = s.member_id
      left join tiers own on own.version = s.version and own.level = s.level
      where s.level < d.level or s.code is distinct from own.code
        or (s.level = d.level and s.grace_until is not null)
        or (s.level > d.level and (s.grace_until is null or s.grace_until < s.counted_on))`,
  },
  {
    name: 'tiers-follow-their-changes',
    about: 'Each member’s changes of tier are gapless, follow on themselves, and end in the present tier.',
    breaches: `
      with steps as (
        select member_id, seq, from_code, to_code,
          lag(to_code) over (partition by member_id order by seq) as before,
          row_number() over (partition by member_id order by seq) as place
        from tier_changes)
      select member_id, seq, before, from_code, to_code from steps where before is distinct from from_code or place <> seq
      union all
      select s.member_id, s.changes, null, s.code, c.to_code from tier_standings s
      left join tier_changes c on c.member_id = s.member_id and c.seq = s.changes
      where s.code is distinct from c.to_code or (s.changes > 0 and c.seq is null)
        or exists (select 1 from tier_changes n where n.member_id = s.member_id and n.seq > s.changes)`,
  },
];
