/** Whom a limit counts for, and for how long: a day, month or year by the merchant's wall clock, for ever, or everybody. */
export const capSpans = ['member_day', 'member_month', 'member_year', 'member', 'budget'] as const;
export type CapSpan = (typeof capSpans)[number];

/** A limit of a rule. Beyond it points are cut to what is left (`truncate`) or not given at all (`refuse`). */
export type Cap =
  | { readonly per: CapSpan; readonly points: number; readonly beyond: 'truncate' | 'refuse' }
  | { readonly per: CapSpan; readonly times: number };

/** A time of the day and week by the merchant's wall clock. One that ends before it begins runs over midnight. */
export interface Window {
  /** 1 for Monday to 7 for Sunday: the days on which it begins. Every day where absent. */
  readonly weekdays?: readonly number[] | undefined;
  /** `17:00`: the first minute that counts. */
  readonly from: string;
  /** The first minute that does not count any more; `24:00` for midnight. */
  readonly to: string;
}

/** All that is given must hold. */
export interface Conditions {
  /** Of the lines that the rule is about, minor units. */
  readonly minAmountMinor?: number | undefined;
  readonly products?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  /** Of the merchant; for rules of the whole alliance. */
  readonly industries?: readonly string[] | undefined;
  readonly firstVisit?: boolean | undefined;
  readonly birthday?: 'day' | 'month' | undefined;
  /** Codes of tiers, one of which the member has when the sale is recorded. */
  readonly tiers?: readonly string[] | undefined;
  readonly window?: Window | undefined;
}

/**
 * What a rule does: `rate` takes the place of the merchant's rate; `multiplier` adds to it (200 doubles; two of them add, they do
 * not multiply); `bonus` gives a fixed number; `nothing` takes lines out; `limit` bounds what the whole sale earns.
 */
export type Effect =
  | { readonly kind: 'rate'; readonly points: number; readonly perMinor: number }
  | { readonly kind: 'multiplier'; readonly percent: number }
  | { readonly kind: 'bonus'; readonly points: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'limit' };

/** When points that a rule gives may be spent: some days later, from a moment on, or after a named event. */
export type Pending = { readonly days: number } | { readonly until: number } | { readonly event: string };

export interface Definition {
  readonly when: Conditions;
  readonly gives: Effect;
  readonly caps: readonly Cap[];
  /** At least so long between two times that it fires for a member. */
  readonly cooldownHours?: number | undefined;
  readonly pending?: Pending | undefined;
  /** Of rules with the same name here only the one that gives most fires. */
  readonly bestOf?: string | undefined;
  readonly fundedBy: 'merchant' | 'operator';
  /** The higher goes first, where only one can: rates of one line, the last points of a limit. */
  readonly priority: number;
}

/** One version of a rule, as it was in force. */
export interface RuleVersion {
  readonly ruleId: string;
  readonly version: number;
  readonly name: string;
  readonly definition: Definition;
  /** ms since the epoch; a later version ends it too. */
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/** The versions in force at a moment: of each rule the last that has begun, if it has not ended. */
export function inForce(versions: readonly RuleVersion[], at: number): RuleVersion[] {
  const last = new Map<string, RuleVersion>();
  for (const each of versions) {
    const known = last.get(each.ruleId);
    if (each.startsAt <= at && (known === undefined || known.version < each.version)) last.set(each.ruleId, each);
  }
  return [...last.values()]
    .filter(({ endsAt }) => endsAt === null || at < endsAt)
    .sort((a, b) => b.definition.priority - a.definition.priority || (a.ruleId < b.ruleId ? -1 : 1));
}
