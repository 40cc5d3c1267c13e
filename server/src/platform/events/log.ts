import { pino, type DestinationStream, type Logger } from 'pino';
import { logEvents, type LogEvent } from './log-events.ts';

/** Structured logging by names of the closed catalogue. */
export interface Log {
  event(name: LogEvent, facts?: Record<string, unknown>): void;
}

/** A log that says nothing: for tests and the simulation. */
export const silentLog: Log = { event: () => undefined };

/** What must never stand in a log, wherever an object is logged whole. */
const REDACTED = ['*.authorization', '*.cookie', '*.pin', '*.password', '*.token', '*.code', '*.contact', '*.secret'];

/** The process's pino logger: one JSON line an event; secrets and contacts are struck out. */
export function createLogger(destination: DestinationStream, level = 'info'): Logger {
  const redact = [...REDACTED, ...REDACTED.map((path) => path.slice(2)), 'req.headers.authorization'];
  return pino({ level, base: { process: 'server' }, redact: { paths: redact, censor: '[redacted]' } }, destination);
}

/** The catalogue's face on a pino logger. */
export function logOf(logger: Logger): Log {
  return {
    event(name, facts = {}) {
      const [level] = logEvents[name];
      logger[level]({ event: name, ...facts });
    },
  };
}
