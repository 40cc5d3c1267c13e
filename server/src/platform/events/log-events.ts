/**
 * Every event that the server logs, once: name → level and what it means. A log line carries the name in `event`,
 * so that a person can look it up here and a machine can count on it.
 */
export const logEvents = {
  'server.started': ['info', 'The server listens and has run its migrations.'],
  'server.stopping': ['info', 'The server was asked to stop and closes its doors.'],
  'server.stopped': ['info', 'Everything is closed.'],
  'server.fatal': ['fatal', 'The process ends, because it could no longer keep its promises.'],
  'http.answered': ['info', 'A request was answered.'],
  'http.bug': ['error', 'A request failed through a fault of ours; nothing was confirmed to the caller.'],
  'http.unavailable': ['error', 'The database could not take or answer a request; the caller was told to try again.'],
  'message.delivered': ['info', 'A message to a member was handed to its channel.'],
  'message.failed': ['warn', 'A message could not be handed over; it is tried again.'],
} as const satisfies Record<string, readonly ['info' | 'warn' | 'error' | 'fatal', string]>;

export type LogEvent = keyof typeof logEvents;
