import type { Log, LogCatalogue } from '../platform/log.ts';

/** Everything that the cabinet writes to its log. */
export const cabinetEvents = {
  started: ['info', 'The cabinet stands: lines, terminals and dock are open.'],
  stopped: ['info', 'The cabinet ends; its physics is saved.'],
  dropped: ['info', 'Something fell into the tray.'],
  fault_set: ['info', 'A fault was set or cleared.'],
  lines_claimed: ['info', 'A process claimed outputs.'],
  lines_orphaned: ['warn', 'The owner of the outputs died; they stay as they are driven.'],
  message_refused: ['warn', 'Something that is no valid message came on the line socket; the connection was closed.'],
  request_refused: ['warn', 'A request was refused; nothing changed.'],
  request_failed: ['error', 'A request failed by a fault of the cabinet program.'],
  device_plugged: ['info', 'A serial device is there.'],
  device_unplugged: ['info', 'A serial device was pulled out.'],
  device_failed: ['error', 'A serial device could not be made or written to.'],
} as const satisfies LogCatalogue;
export type CabinetLog = Log<keyof typeof cabinetEvents>;
