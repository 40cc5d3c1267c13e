import { localTime } from '../../../platform/clock/local-time.ts';

const DAY_MS = 24 * 3_600_000;

/** A date as a number: days from 1970-01-01. */
export type Day = number;

/** The date that a clock on the wall of a place shows at a moment. @param atMs ms since the epoch @param timeZone an IANA name */
export const dayOf = (atMs: number, timeZone: string): Day => Date.parse(localTime(atMs, timeZone).date) / DAY_MS;

/** A day as people write it: `2028-02-29`. */
export const dateOf = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** New Year's Day of the year of a day, or of one so many years later. */
export const newYear = (day: Day, yearsLater = 0): Day =>
  Date.UTC(new Date(day * DAY_MS).getUTCFullYear() + yearsLater, 0, 1) / DAY_MS;
