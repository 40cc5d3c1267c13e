/** What a clock on a shop's wall shows. */
export interface LocalTime {
  /** `2026-03-29`. */
  readonly date: string;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekday: number;
  /** `02:30`, also where that comes twice in a night. */
  readonly time: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ZONES_KEPT = 500;
const DAYS_KEPT = 5000;

/** A time zone: how it is ahead of UTC, day by day. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** By day of UTC since the epoch, ms; undefined on days on which the clocks are changed. */
  readonly aheadMs: Map<number, number | undefined>;
}

const zones = new Map<string, Zone>();

/** True for a name of the IANA time zone database that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (zones.size >= ZONES_KEPT) zones.clear();
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const zone: Zone = { format, aheadMs: new Map() };
  zones.set(name, zone);
  return zone;
}

/** How far the wall is ahead of UTC at a moment, by the platform's own word. */
function askedAheadMs({ format }: Zone, atMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

/** The same, from memory on a day that begins and ends alike: asking costs more than the rest of a decision. */
function aheadMs(zone: Zone, atMs: number): number {
  const day = Math.floor(atMs / DAY_MS);
  if (!zone.aheadMs.has(day)) {
    if (zone.aheadMs.size >= DAYS_KEPT) zone.aheadMs.clear();
    const begins = askedAheadMs(zone, day * DAY_MS);
    const isSteady = begins === askedAheadMs(zone, (day + 1) * DAY_MS);
    zone.aheadMs.set(day, isSteady ? begins : undefined);
  }
  return zone.aheadMs.get(day) ?? askedAheadMs(zone, atMs);
}

/**
 * The wall clock of a time zone at a moment. Summer time, its gaps and its double hours included: only the moment decides.
 * @param atMs ms since the epoch
 * @param zone an IANA name, e.g. `Europe/Berlin`
 */
export function localTime(atMs: number, zone: string): LocalTime {
  const wall = new Date(atMs + aheadMs(zoneOf(zone), atMs));
  const text = wall.toISOString();
  const sundayFirst = wall.getUTCDay();
  return { date: text.slice(0, 10), weekday: sundayFirst === 0 ? 7 : sundayFirst, time: text.slice(11, 16) };
}
