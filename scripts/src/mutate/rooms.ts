/** One room of the house, as its mutants are made and hunted. All paths are from the root. */
export type Room = {
  /** Every source file of these folders stands in `rules` or in `leftOut`; a test holds it. */
  readonly folders: readonly string[];
  /** The pure rules: these are mutated. */
  readonly rules: readonly string[];
  /** What is not, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
  /**
   * The tests that hunt, in this order: those of these rules that need no process, no browser and no real time. A mutant in
   * a table lives from the start of its process, so all of them run for it: the ones that kill most come first.
   */
  readonly tests: readonly string[];
};

const TYPES = 'types alone: nothing of it runs';
const SHAPES = 'shapes of messages, each refused and taken by fuzz and by test/shared/protocol.test.ts';
const FACE = 'names what others may use';
const SQL = 'SQL alone: tried through the service above it';
const SHELL =
  'a shell over disk, network, processes or hardware: the crash grid, the failure matrix and the simulation try it';

const under = (folder: string, names: readonly string[]): string[] => names.map((name) => `${folder}/${name}.ts`);
const leave = (folder: string, why: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(under(folder, names).map((path) => [path, why]));

const shared: Room = {
  folders: ['shared/src'],
  rules: under('shared/src', [
    'result',
    'machine',
    'points',
    'ports',
    'ids/damm',
    'ids/card-number',
    'ids/member-id',
    'ids/schemas',
    'ids/ulid',
    'credentials/rotating-qr',
    'credentials/signature',
    'credentials/pickup-code',
    'redemption/books',
    'redemption/vend',
  ]),
  leftOut: {
    ...leave('shared/src/protocol', SHAPES, ['answer', 'kiosk', 'kiosk-parts', 'ui', 'ui-snapshot', 'version']),
    'shared/src/problem.ts': 'a catalogue of words: test/shared/protocol.test.ts sends each of them through the wire',
    'shared/src/redemption/never.ts': 'claims about the tables above, which the simulation disproves by coverage',
  },
  tests: ['tables', 'redemption', 'points', 'ids', 'credentials', 'ports'].map((name) => `test/shared/${name}.test.ts`),
};

const guard: Room = {
  folders: ['hardware/src/guard', 'hardware/src/devices'],
  rules: [
    ...under('hardware/src/guard', ['core', 'deputy/core']),
    ...under('hardware/src/devices', ['classify', 'rotation', 'beam-watch', 'repeats']),
    'hardware/src/platform/backoff.ts',
  ],
  leftOut: {
    ...leave('hardware/src/guard', SHELL, [
      'client',
      'deputy/keeper',
      'deputy/main',
      'in-process',
      'main',
      'safe/main',
      'server',
    ]),
    ...leave('hardware/src/guard', TYPES, ['line-door', 'log-events']),
    ...leave('hardware/src/guard', SHAPES, ['protocol', 'deputy/protocol']),
    ...leave('hardware/src/guard', 'names of failpoints and lengths of time', ['failpoints', 'timeouts']),
    ...leave('hardware/src/devices', SHELL, [
      'card-reader',
      'dispenser',
      'emitter-test',
      'printer',
      'scanner',
      'sensors',
      'serial-reader',
      'tray-lamp',
      'turn',
    ]),
    ...leave('hardware/src/devices', 'bytes of a printer and lengths of time', ['escpos', 'timeouts']),
  },
  tests: [
    'test/hardware/guard/core.test.ts',
    'test/hardware/guard/deputy.test.ts',
    'test/hardware/guard/sessions.test.ts',
    'test/hardware/platform/backoff.test.ts',
    'test/hardware/devices/classify.test.ts',
    'test/hardware/devices/watches.test.ts',
    'test/hardware/devices/dispenser.test.ts',
  ],
};

const daemon: Room = {
  folders: [
    'kiosk/daemon/src/journal',
    'kiosk/daemon/src/session',
    'kiosk/daemon/src/service',
    'kiosk/daemon/src/link',
  ],
  rules: [
    ...under('kiosk/daemon/src/journal', ['book', 'frame', 'grants', 'records', 'replay']),
    ...under('kiosk/daemon/src/session', [
      'data',
      'intents',
      'news',
      'offers',
      'pickup-desk',
      'readings',
      'screen',
      'screen-timer',
      'snapshots',
      'step',
      'table',
    ]),
    ...under('kiosk/daemon/src/service', ['out-reasons']),
    ...under('kiosk/daemon/src/link', ['backoff', 'refusals']),
  ],
  leftOut: {
    ...leave('kiosk/daemon/src/journal', SHELL, ['compact', 'journal', 'open', 'writer']),
    ...leave('kiosk/daemon/src/session', SHELL, ['controller', 'effects']),
    'kiosk/daemon/src/session/events.ts': TYPES,
    ...leave('kiosk/daemon/src/service', SHELL, ['config-keeper', 'slot-keeper', 'status-reporter']),
    ...leave('kiosk/daemon/src/link', SHELL, ['hello', 'link', 'outbox', 'socketio-transport']),
    'kiosk/daemon/src/link/transport.ts': TYPES,
  },
  tests: [
    'test/kiosk/daemon/session/says.test.ts',
    'test/kiosk/daemon/session/screens.test.ts',
    'test/kiosk/daemon/session/words.test.ts',
    'test/kiosk/daemon/session/faces.test.ts',
    'test/kiosk/daemon/journal/rules.test.ts',
    'test/kiosk/daemon/promise.test.ts',
    'test/kiosk/daemon/session/offers.test.ts',
    'test/kiosk/daemon/session/table.test.ts',
  ],
};

const server: Room = {
  folders: ['server/src/features/redemptions', 'server/src/features/stock', 'server/src/features/ledger'],
  rules: [
    ...under('server/src/features/redemptions', [
      'authorise',
      'bookkeeper',
      'corrections',
      'effects',
      'grant',
      'reconcile',
      'replay',
      'reports',
      'resolutions',
      'rows',
      'service',
      'sweeps',
      'times',
    ]),
    ...under('server/src/features/stock', ['service']),
    ...under('server/src/features/ledger', [
      'debts',
      'expire',
      'expiry-rule',
      'holds',
      'issue',
      'jobs',
      'journal',
      'lots',
      'moves',
      'postings',
      'rising-ids',
      'service',
      'takings',
      'warnings',
    ]),
  ],
  leftOut: {
    ...leave('server/src/features/redemptions', SQL, ['store', 'resolutions-store']),
    ...leave('server/src/features/redemptions', SHAPES, ['routes', 'schemas']),
    ...leave('server/src/features/redemptions', TYPES, ['context', 'ports']),
    ...leave('server/src/features/stock', SHAPES, ['routes', 'schemas']),
    'server/src/features/stock/store.ts': SQL,
    ...leave('server/src/features/ledger/store', SQL, ['holds', 'lots', 'replay', 'transactions']),
    'server/src/features/ledger/clearing-port.ts': TYPES,
    ...leave('server/src/features/ledger', 'reading alone: what a command shows of the books, or compares with them', [
      'reading',
      'rebuild',
      'replay',
    ]),
    ...leave('server/src/features', FACE, ['redemptions/index', 'stock/index', 'ledger/index']),
  },
  tests: [
    ...['trails', 'edges', 'authorise', 'doubt', 'pickups', 'replay', 'hello'].map(
      (name) => `test/server/redemptions/${name}.test.ts`,
    ),
    'test/server/stock/stock.test.ts',
    ...['rising-ids', 'ledger', 'holds', 'debts', 'moves', 'expiry'].map(
      (name) => `test/server/ledger/${name}.test.ts`,
    ),
  ],
};

export const rooms = { shared, guard, daemon, server } as const satisfies Record<string, Room>;
export type RoomName = keyof typeof rooms;
export const roomNames = Object.keys(rooms) as RoomName[];
