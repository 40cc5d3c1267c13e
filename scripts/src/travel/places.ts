import { localTime } from '@tessera/server/platform/clock/local-time';

/** Where merchants and members are. */
export interface Place {
  readonly timeZone: string;
  readonly currency: string;
}

export const BERLIN: Place = { timeZone: 'Europe/Berlin', currency: 'EUR' };
export const SHANGHAI: Place = { timeZone: 'Asia/Shanghai', currency: 'CNY' };
export const NEW_YORK: Place = { timeZone: 'America/New_York', currency: 'USD' };
export const places: readonly Place[] = [BERLIN, SHANGHAI, NEW_YORK];

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const dateAt = (atMs: number, place: Place): string => localTime(atMs, place.timeZone).date;

/** The day of UTC that a moment is in, as its first moment. */
export const dayStart = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

/** `2028-02-29` of a moment in UTC. */
export const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** True on the first day of a month of UTC. */
export const isMonthStart = (day: number): boolean => new Date(day).getUTCDate() === 1;

/** The hour of this day of UTC within which a place's clocks are changed; undefined on other days. */
export function clockChange(day: number, { timeZone }: Place): number | undefined {
  const ahead = (atMs: number): number => {
    const { date, time } = localTime(atMs, timeZone);
    return Date.parse(`${date}T${time}:00Z`) - atMs;
  };
  for (let hour = day; hour < day + DAY_MS; hour += HOUR_MS) if (ahead(hour) !== ahead(hour + HOUR_MS)) return hour;
  return undefined;
}

/** The moment of this day of UTC at which a month begins in a place; undefined where none does. */
export function localMonthStart(day: number, place: Place): number | undefined {
  for (let hour = day; hour < day + DAY_MS; hour += HOUR_MS) {
    const date = dateAt(hour, place);
    if (date.endsWith('-01') && dateAt(hour - 1, place) !== date) return hour;
  }
  return undefined;
}

/** True where it is the leap day on the wall. */
export const isLeapDay = (atMs: number, place: Place): boolean => dateAt(atMs, place).endsWith('-02-29');
