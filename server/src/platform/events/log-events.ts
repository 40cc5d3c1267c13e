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
  'kiosk.connected': ['info', 'A kiosk proved itself; this is its newest connection.'],
  'kiosk.disconnected': ['info', 'The connection of a kiosk ended.'],
  'kiosk.counter_not_higher': [
    'error',
    'Alert: a kiosk came with an old connection number; its identity may have been copied.',
  ],
  'kiosk.journal_lost': [
    'error',
    'Alert: the journal of a kiosk was lost, restored or copied; what was open is in doubt.',
  ],
  'kiosk.variance': ['warn', 'Something fell, opened or failed at a kiosk that belongs to no redemption.'],
  'kiosk.bug': ['error', 'A message of a kiosk failed through a fault of ours; nothing was confirmed to it.'],
  'job.failed': ['error', 'A background job failed; it runs again at its next turn.'],
  'outbox.failed': ['warn', 'An outbox row could not be delivered; it is tried again.'],
} as const satisfies Record<string, readonly ['info' | 'warn' | 'error' | 'fatal', string]>;

export type LogEvent = keyof typeof logEvents;
