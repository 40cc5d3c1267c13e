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
const ZONES_KEPT = 500;

interface Wall {
  readonly format: Intl.DateTimeFormat;
  minute: number;
  shown: LocalTime;
}

const walls = new Map<string, Wall>();

/** True for a name of the IANA time zone database that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function wallOf(zone: string): Wall {
  const known = walls.get(zone);
  if (known) return known;
  if (walls.size >= ZONES_KEPT) walls.clear();
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const wall: Wall = { format, minute: Number.NaN, shown: { date: '', weekday: 0, time: '' } };
  walls.set(zone, wall);
  return wall;
}

/**
 * The wall clock of a time zone at a moment. Summer time, its gaps and its double hours included: only the moment decides.
 * @param atMs ms since the epoch
 * @param zone an IANA name, e.g. `Europe/Berlin`
 */
export function localTime(atMs: number, zone: string): LocalTime {
  const wall = wallOf(zone);
  const minute = Math.floor(atMs / MINUTE_MS);
  // The sales of one till come minute by minute: formatting costs more than the rest of a decision.
  if (wall.minute === minute) return wall.shown;
  const parts: Record<string, string> = {};
  for (const { type, value } of wall.format.formatToParts(minute * MINUTE_MS)) parts[type] = value;
  const { year = '', month = '', day = '', hour = '', minute: past = '' } = parts;
  const date = `${year.padStart(4, '0')}-${month}-${day}`;
  const sundayFirst = new Date(`${date}T00:00:00Z`).getUTCDay();
  wall.minute = minute;
  wall.shown = { date, weekday: sundayFirst === 0 ? 7 : sundayFirst, time: `${hour}:${past}` };
  return wall.shown;
}
