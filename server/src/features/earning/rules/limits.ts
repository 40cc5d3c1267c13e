import { localTime } from '../../../platform/clock/local-time.ts';
import type { Cap, CapSpan, Definition, RuleVersion } from './rule.ts';

/** How often a rule fired and how much it gave, within a span. */
export interface Usage {
  readonly points: number;
  readonly times: number;
  /** When it fired last, ms since the epoch. */
  readonly lastAt: number;
}

/** A row that counts: of a member and a span, or of everybody (`budget`). */
export interface CounterKey {
  readonly ruleId: string;
  /** `ever`, `y2026`, `m2026-03`, `d2026-03-29`, or `budget`. */
  readonly span: string;
}

/** What a decision takes of a limit; holds only where the counter still allows it when it is written. */
export interface Claim extends CounterKey {
  readonly points: number;
  readonly mostPoints: number;
  readonly mostTimes: number;
  /** The counter must not have fired after this moment. */
  readonly quietSince: number;
}

/** Reads a counter; a rule that never fired has none. */
export type UsageOf = (key: CounterKey) => Usage | undefined;

/** Stands for "no limit". */
const UNLIMITED = Number.MAX_SAFE_INTEGER;
const HOUR_MS = 3_600_000;

const spanNames: Record<CapSpan, (date: string) => string> = {
  member_day: (date) => `d${date}`,
  member_month: (date) => `m${date.slice(0, 7)}`,
  member_year: (date) => `y${date.slice(0, 4)}`,
  member: () => 'ever',
  budget: () => 'budget',
};

const hasCooldown = ({ cooldownHours }: Definition): boolean => cooldownHours !== undefined;

/** The counters that a decision about this rule has to know. */
export function countersOf({ ruleId, definition }: RuleVersion, soldAt: number, timeZone: string): CounterKey[] {
  if (definition.caps.length === 0 && !hasCooldown(definition)) return [];
  const { date } = localTime(soldAt, timeZone);
  const spans = new Set(definition.caps.map(({ per }) => spanNames[per](date)));
  if (hasCooldown(definition)) spans.add('ever');
  return [...spans].map((span) => ({ ruleId, span }));
}

/** True while the rule rests after it fired for this member. A sale from before its last time waits too. */
export function isResting(rule: RuleVersion, soldAt: number, usageOf: UsageOf): boolean {
  const { ruleId, definition } = rule;
  if (definition.cooldownHours === undefined) return false;
  const lastAt = usageOf({ ruleId, span: 'ever' })?.lastAt;
  return lastAt !== undefined && soldAt < lastAt + definition.cooldownHours * HOUR_MS;
}

/** How many of the wanted points the limits leave, and which limit it was that cut them. */
export function allowed(
  rule: RuleVersion,
  wanted: number,
  at: { readonly soldAt: number; readonly timeZone: string },
  usageOf: UsageOf,
): { readonly points: number; readonly cappedBy?: CapSpan; readonly refused: boolean } {
  let points = wanted;
  let cappedBy: CapSpan | undefined;
  let refused = false;
  for (const cap of rule.definition.caps) {
    const left = leftOf(rule, cap, at, usageOf);
    if (left >= points) continue;
    cappedBy = cap.per;
    const whole = 'times' in cap || cap.beyond === 'refuse';
    refused ||= whole;
    points = whole ? 0 : left;
  }
  return { points, refused, ...(cappedBy === undefined ? {} : { cappedBy }) };
}

function leftOf(
  rule: RuleVersion,
  cap: Cap,
  at: { readonly soldAt: number; readonly timeZone: string },
  usageOf: UsageOf,
): number {
  const span = spanNames[cap.per](localTime(at.soldAt, at.timeZone).date);
  const used = usageOf({ ruleId: rule.ruleId, span });
  if ('times' in cap) return (used?.times ?? 0) < cap.times ? UNLIMITED : 0;
  return Math.max(0, cap.points - (used?.points ?? 0));
}

/** What a rule that fired takes of its limits: one claim a counter, each with the tightest bound on it. */
export function claimsOf(rule: RuleVersion, points: number, soldAt: number, timeZone: string): Claim[] {
  const { definition, ruleId } = rule;
  return countersOf(rule, soldAt, timeZone).map(({ span }) => {
    const caps = definition.caps.filter(({ per }) => spanNames[per](localTime(soldAt, timeZone).date) === span);
    const tightest = (bounds: readonly number[]) => Math.min(UNLIMITED, ...bounds);
    const rests = span === 'ever' && definition.cooldownHours !== undefined;
    return {
      ruleId,
      span,
      points,
      mostPoints: tightest(caps.flatMap((cap) => ('points' in cap ? [cap.points] : []))),
      mostTimes: tightest(caps.flatMap((cap) => ('times' in cap ? [cap.times] : []))),
      quietSince: rests ? soldAt - (definition.cooldownHours ?? 0) * HOUR_MS : UNLIMITED,
    };
  });
}
