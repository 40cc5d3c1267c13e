import { localTime, type LocalTime } from '../../../platform/clock/local-time.ts';
import { dayBefore, isBirthday } from './calendar.ts';
import type { Conditions, Window } from './rule.ts';
import type { Facts, Sale, SaleLine } from './sale.ts';

/** Why a rule did not fire; `fired` where it did. */
export type Verdict =
  | 'fired'
  | 'no_amount'
  | 'other_industry'
  | 'other_products'
  | 'amount_too_small'
  | 'not_first_visit'
  | 'not_birthday'
  | 'other_tier'
  | 'outside_window'
  | 'cooldown'
  | 'cap_reached'
  | 'better_rule'
  | 'nothing_to_give';

/** True where the wall clock is inside the window; what runs over midnight belongs to the day on which it began. */
export function isInside(window: Window, { weekday, time }: LocalTime): boolean {
  const onDay = (day: number) => window.weekdays === undefined || window.weekdays.includes(day);
  if (window.from < window.to) return onDay(weekday) && time >= window.from && time < window.to;
  return (onDay(weekday) && time >= window.from) || (onDay(dayBefore(weekday)) && time < window.to);
}

/** True for the lines that a rule is about: of one of its products or categories, or all where it names none. */
export function isAbout({ products, categories }: Conditions, { product, category }: SaleLine): boolean {
  if (products === undefined && categories === undefined) return true;
  return (products?.includes(product) ?? false) || (category !== null && (categories?.includes(category) ?? false));
}

/** What keeps a rule from firing for a sale, before limits are looked at. */
export function hindrance(when: Conditions, sale: Sale, facts: Facts): Verdict | undefined {
  if (when.industries && !when.industries.includes(facts.industryId)) return 'other_industry';
  if (when.firstVisit && !facts.firstVisit) return 'not_first_visit';
  if (when.birthday && !isKept(when.birthday, facts)) return 'not_birthday';
  if (when.tiers && !when.tiers.includes(facts.tier ?? '')) return 'other_tier';
  if (when.window && !isInside(when.window, localTime(facts.soldAt, facts.timeZone))) return 'outside_window';
  return amountHindrance(when, sale);
}

function amountHindrance(when: Conditions, sale: Sale): Verdict | undefined {
  const named = when.products ?? when.categories;
  if ('points' in sale) return named || when.minAmountMinor !== undefined ? 'no_amount' : undefined;
  if (!named) return sale.amountMinor < (when.minAmountMinor ?? 0) ? 'amount_too_small' : undefined;
  const lines = sale.lines.filter((line) => isAbout(when, line));
  if (lines.length === 0) return 'other_products';
  const amount = lines.reduce((total, line) => total + line.amountMinor, 0);
  return amount < (when.minAmountMinor ?? 0) ? 'amount_too_small' : undefined;
}

function isKept(span: 'day' | 'month', { birthday, soldAt, timeZone }: Facts): boolean {
  if (birthday === null) return false;
  const { date } = localTime(soldAt, timeZone);
  return span === 'day' ? isBirthday(date, birthday) : date.slice(5, 7) === birthday.slice(0, 2);
}
