/** Everything the daemon can say in its log: name → level and what it means. Nothing else is ever logged. */
export const logEvents = {
  started: ['info', 'Journal replayed, open redemptions settled; the kiosk decides whether it can serve.'],
  stopped: ['info', 'Stopped on request.'],
  enrolled: ['info', 'A device key was made and the server accepted it.'],
  enrolment_refused: ['error', 'The server did not accept the enrolment code.'],
  bug: ['error', 'An assertion or an unexpected error ended the process.'],
  disk_failed: ['error', 'A write or sync failed: nothing is answered, the process ends.'],
  journal_torn_tail: [
    'warn',
    'The last write was cut short by a crash or power cut and was removed; nothing depended on it.',
  ],
  journal_last_record_damaged: ['error', 'The last record cannot be read: what was about to vend counts as unknown.'],
  journal_damaged: [
    'error',
    'The journal is damaged in its middle: the kiosk stops and must be enrolled again with a new one.',
  ],
  journal_compacted: ['info', 'The journal was rewritten without what has ended.'],
  journal_new_epoch: ['warn', 'A new journal was begun.'],
  store_damaged: ['error', 'A settings file could not be read and was begun anew.'],
  recovered: ['warn', 'A redemption was open when the daemon started; this is how it was settled.'],
  link_up: ['info', 'The server answered hello.'],
  link_down: ['warn', 'The connection to the server ended.'],
  link_refused: ['error', 'The server refused this kiosk.'],
  link_bad_message: ['error', 'The server sent something that the protocol does not allow; it was ignored.'],
  config_taken: ['info', 'A new configuration was stored.'],
  report_refused: ['error', 'The server refused a report for good; it is kept in the journal and not sent again.'],
  redemption_step: ['info', 'A redemption moved.'],
  slot_quarantined: ['error', 'A slot was taken out of service on this kiosk.'],
  slot_returned: ['info', 'Staff returned a slot to service.'],
  stray_drop: ['error', 'Something fell outside of any redemption.'],
  extra_drop: ['error', 'More than one item fell in one redemption.'],
  reader_away: ['warn', 'The scanner or the card reader is not there any more; members can still type.'],
  reader_back: ['info', 'The scanner or the card reader is there.'],
  door_opened: ['warn', 'The door was opened.'],
  tray_not_emptied: [
    'warn',
    'The time to take the gift is over and the tray is not empty; the next session may start.',
  ],
  service_changed: ['info', 'What the kiosk can promise has changed.'],
  pickup_refused: ['warn', 'A pick-up code was not accepted.'],
  ui_refused: ['warn', 'A message or connection of the screen was refused.'],
  picture_refused: ['warn', 'A picture did not match its name or was too large.'],
} as const satisfies Record<string, readonly ['info' | 'warn' | 'error', string]>;

export type LogEvent = keyof typeof logEvents;
export type LogFacts = Readonly<Record<string, unknown>>;

/** Where events go: pino in production, a list in tests. Never a PIN, a code or a key among the facts. */
export type Log = (event: LogEvent, facts?: LogFacts) => void;
