import { assert } from '@tessera/shared/result';

const DAY_MS = 24 * 3_600_000;

/** How long points live: a member sees one of these in the merchant's terms. */
export type ExpiryRule =
  | { readonly kind: 'never' }
  /** So many days after they were earned. */
  | { readonly kind: 'rolling'; readonly days: number }
  /** With the year, so many years after the one in which they were earned: 1 is the end of the year after. */
  | { readonly kind: 'calendar'; readonly years: number; readonly timeZone: string }
  /** So many days without any activity of the member. */
  | { readonly kind: 'inactivity'; readonly days: number };

/** What an `EarnRequest` asks for of a rule. */
export type LotLife = { readonly expiresAt: number | null; readonly idleMs?: number };

/** When points that are earned at a time, ms since the epoch, expire. */
export function lifeOf(rule: ExpiryRule, earnedAt: number): LotLife {
  switch (rule.kind) {
    case 'never':
      return { expiresAt: null };
    case 'rolling':
      return { expiresAt: earnedAt + rule.days * DAY_MS };
    case 'calendar':
      return { expiresAt: startOfYear(yearOf(earnedAt, rule.timeZone) + rule.years + 1, rule.timeZone) };
    case 'inactivity':
      return { expiresAt: null, idleMs: rule.days * DAY_MS };
  }
}

/** What a clock on the wall of a place shows at a moment, read as if it were UTC: ms since the epoch. */
function wallClock(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const yearOf = (ms: number, timeZone: string): number => new Date(wallClock(ms, timeZone)).getUTCFullYear();

/** The first moment of a year in a time zone. Two steps find it: no zone changes its clocks twice around New Year. */
function startOfYear(year: number, timeZone: string): number {
  const wanted = Date.UTC(year, 0, 1);
  let ms = wanted;
  for (let step = 0; step < 2; step += 1) ms += wanted - wallClock(ms, timeZone);
  assert(wallClock(ms, timeZone) === wanted, 'every year begins');
  return ms;
}
