import type { Stage } from './stage.ts';
import { onEverySlot } from './places.ts';

/** Something that goes wrong, and how. What is mended afterwards is the whole machine. */
type Strike = (stage: Stage) => void;

const LATE_MS = 500;
const VERY_LATE_MS = 6_000;
/** Long enough for every wait of the daemon that a member sits through. */
const CUT_MS = 600_000;

const slot =
  (fault: Parameters<typeof onEverySlot>[1], delayMs?: number): Strike =>
  (stage) =>
    onEverySlot(stage, fault, delayMs);

/** Every fault of the cabinet, its readers, its processes and its network. */
export const faults = {
  jam: slot('jam'),
  hang: slot('hang'),
  late_drop: slot('late_drop', LATE_MS),
  very_late_drop: slot('late_drop', VERY_LATE_MS),
  double_drop: slot('double_drop'),
  slow_motor: slot('slow_motor'),
  dead_relay: slot('dead_relay'),
  stuck_home: slot('stuck_home'),
  stray_drop: ({ kiosk }) => kiosk.cabinet.inject({ slot: 8, fault: 'stray_drop' }),
  stuck_beam: ({ kiosk }) => kiosk.cabinet.inject({ device: 'beam', fault: 'stuck_beam' }),
  blind_beam: ({ kiosk }) => kiosk.cabinet.inject({ device: 'beam', fault: 'blind_beam' }),
  door_open: ({ kiosk }) => kiosk.cabinet.setDoor(true),
  scanner_unplugged: ({ kiosk }) => kiosk.scanner.plug(false),
  reader_unplugged: ({ kiosk }) => kiosk.card.plug(false),
  scanner_garbage: ({ kiosk }) => kiosk.scanner.read('\u0000ÿ�GARBAGE'),
  reader_garbage: ({ kiosk }) => kiosk.card.read('zz not a card'),
  guard_dies: ({ kiosk }) => kiosk.crashGuard(),
  daemon_dies: ({ kiosk }) => kiosk.crashDaemon(false),
  power_cut: ({ kiosk }) => kiosk.crashDaemon(true),
  server_dies: ({ host }) => host.crash(),
  network_cut: ({ kiosk }) => kiosk.network.cut(CUT_MS),
} as const satisfies Record<string, Strike>;
export type Fault = keyof typeof faults;
export const faultNames = Object.keys(faults) as Fault[];
