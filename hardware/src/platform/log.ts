import { pino } from 'pino';

/** How loud an event of a catalogue is. */
export type LogLevel = 'info' | 'warn' | 'error';

/** A process's closed list of events: name → how loud, and what it means to whoever reads the log. */
export type LogCatalogue = Readonly<Record<string, readonly [LogLevel, string]>>;

/** Writes one event with its facts. */
export type Log<Event extends string> = (event: Event, facts?: Readonly<Record<string, unknown>>) => void;

/** A log of one process: one JSON line an event, on standard error. */
export function createLog<C extends LogCatalogue>(process: string, catalogue: C): Log<keyof C & string> {
  const logger = pino({ base: { process } }, pino.destination({ fd: 2, sync: true }));
  return (event, facts = {}) => {
    const [level, meaning] = catalogue[event] ?? ['error', 'An event that is not in the catalogue'];
    logger[level]({ event, ...facts }, meaning);
  };
}
