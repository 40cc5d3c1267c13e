/** How bad the simulated world is. Probabilities are per message, per vend, or per virtual minute, as their names say. */
export type Weather = {
  readonly latencyMs: readonly [number, number];
  readonly lostPerMessage: number;
  readonly repeatedPerMessage: number;
  /** A message that overtakes others by waiting this much longer. */
  readonly slowPerMessage: number;
  readonly slowMs: number;
  readonly cutPerMinute: number;
  /** A cut that one side does not notice at once. */
  readonly halfOpenPerCut: number;
  /** Short cuts are much more frequent than long ones. */
  readonly cutMs: readonly [number, number];
  readonly daemonCrashPerMinute: number;
  readonly guardCrashPerMinute: number;
  readonly serverCrashPerMinute: number;
  /** Of the daemon's crashes, those that take the machine's page cache with them. */
  readonly powerCutPerCrash: number;
  /** A crash exactly at a failpoint that is passed. */
  readonly crashPerFailpoint: number;
  /** The server ends before one of its statements: in the middle of a transaction. */
  readonly crashPerStatement: number;
  /** The daemon, or the whole kiosk, ends between a write to its disk and the next. */
  readonly crashPerWrite: number;
  /** A write that keeps its caller waiting: whatever else is due comes first. */
  readonly slowPerWrite: number;
  readonly slowWriteMs: number;
  /** A kiosk's wall clock jumps; nothing keeps it while the power is off. */
  readonly clockJumpPerMinute: number;
  readonly restartMs: readonly [number, number];
  /** Something is wrong with the slot for this vend. */
  readonly faultPerVend: number;
  /** Somebody who listens on the wire tries what was said there once more. */
  readonly intruderPerMessage: number;
};

export const storm: Weather = {
  latencyMs: [2, 120],
  lostPerMessage: 0.01,
  repeatedPerMessage: 0.01,
  slowPerMessage: 0.01,
  slowMs: 3_000,
  cutPerMinute: 0.05,
  halfOpenPerCut: 0.4,
  cutMs: [500, 240_000],
  daemonCrashPerMinute: 0.02,
  guardCrashPerMinute: 0.01,
  serverCrashPerMinute: 0.01,
  powerCutPerCrash: 0.5,
  crashPerFailpoint: 0.0004,
  crashPerStatement: 0.00003,
  crashPerWrite: 0.0002,
  slowPerWrite: 0.01,
  slowWriteMs: 400,
  clockJumpPerMinute: 0.02,
  restartMs: [300, 5_000],
  faultPerVend: 0.06,
  intruderPerMessage: 0.05,
};

/** Everything dies all the time: short runs that must meet what is rare. */
const hurricane: Weather = {
  ...storm,
  daemonCrashPerMinute: 1,
  cutPerMinute: 1,
  halfOpenPerCut: 0.8,
  cutMs: [200, 120_000],
  guardCrashPerMinute: 0.2,
  crashPerFailpoint: 0.003,
  crashPerWrite: 0.003,
  slowPerWrite: 0.05,
  clockJumpPerMinute: 0.2,
};

/** Nothing goes wrong: what is left at the end of a run, so that everything open can settle. */
export const calm: Weather = {
  ...storm,
  latencyMs: [2, 20],
  lostPerMessage: 0,
  repeatedPerMessage: 0,
  slowPerMessage: 0,
  cutPerMinute: 0,
  daemonCrashPerMinute: 0,
  guardCrashPerMinute: 0,
  serverCrashPerMinute: 0,
  crashPerFailpoint: 0,
  crashPerStatement: 0,
  crashPerWrite: 0,
  slowPerWrite: 0,
  clockJumpPerMinute: 0,
  faultPerVend: 0,
};

/** Kinds of trouble that a run can go without. */
const calamities = {
  lost: { lostPerMessage: 0 },
  repeated: { repeatedPerMessage: 0 },
  slow: { slowPerMessage: 0 },
  cuts: { cutPerMinute: 0 },
  'daemon-crashes': { daemonCrashPerMinute: 0 },
  'guard-crashes': { guardCrashPerMinute: 0 },
  'server-crashes': { serverCrashPerMinute: 0, crashPerStatement: 0 },
  failpoints: { crashPerFailpoint: 0 },
  writes: { crashPerWrite: 0 },
  'slow-writes': { slowPerWrite: 0 },
  clock: { clockJumpPerMinute: 0 },
  slots: { faultPerVend: 0 },
  intruder: { intruderPerMessage: 0 },
} as const satisfies Record<string, Partial<Weather>>;
export type Calamity = keyof typeof calamities;
export const calamityNames = Object.keys(calamities) as readonly Calamity[];

export const weathers = { storm, hurricane } as const;
export type WeatherName = keyof typeof weathers;

/** A weather spared some kinds of trouble. */
export const weatherOf = (name: WeatherName, without: readonly Calamity[]): Weather =>
  without.reduce<Weather>((weather, each) => ({ ...weather, ...calamities[each] }), weathers[name]);
