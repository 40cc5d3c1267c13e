import type { Log, LogCatalogue } from '../platform/log.ts';

/** Everything that the guard and its deputy write to their log. */
export const guardEvents = {
  started: ['info', 'The guard answers on its socket.'],
  stopped: ['info', 'All lines inactive and given back; the guard ends.'],
  lines_claimed: ['info', 'The guard owns all output lines, and all are inactive.'],
  lines_refused: ['warn', 'The lines could not be claimed; tried again shortly.'],
  lines_lost: ['error', 'The line driver was lost; running pulses ended as lost; claimed again shortly.'],
  line_stuck: ['error', 'A line could not be let go; tried again at once.'],
  driver_attached: ['info', 'A driver said hello; any driver before it is fenced.'],
  driver_fenced: ['warn', 'A newer driver took over; the older one let go.'],
  driver_silent: ['warn', 'The driver missed its heartbeat; everything it drove was let go.'],
  driver_gone: ['info', 'The driver closed its connection; everything it drove was let go.'],
  message_refused: ['warn', 'Something that is no valid message came; the connection was closed.'],
  pulse_ended: ['info', 'A line was driven and let go.'],
  deputy_started: ['info', 'The deputy watches the guard.'],
  deputy_lost: ['warn', 'The deputy ended or fell silent; nothing is driven until another watches.'],
  deputy_steps_in: ['error', 'The guard died or hung with a line driven; the deputy makes the lines safe.'],
  deputy_made_safe: ['info', 'The deputy claimed all lines inactive and gave them back.'],
  deputy_failed: ['error', 'The deputy could not claim the lines.'],
} as const satisfies LogCatalogue;
export type GuardLog = Log<keyof typeof guardEvents>;
