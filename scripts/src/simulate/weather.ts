import type { SeededChance } from './seeded-chance.ts';

const DAY_MS = 24 * 3_600_000;

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
  /** Of the cuts, those that last longer than a day: what is open then is in doubt before the kiosk is heard again. */
  readonly dayLongPerCut: number;
  /** The same of the cuts that are aimed at a step of a redemption. */
  readonly dayLongPerAimedCut: number;
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
  /** A write that stalls as only worn cards do: longer than a vend may wait. */
  readonly stallPerWrite: number;
  readonly stallMs: readonly [number, number];
  /** A kiosk's wall clock jumps; nothing keeps it while the power is off. */
  readonly clockJumpPerMinute: number;
  /** Of the power cuts, those after which the kiosk has another disk, with nothing on it. */
  readonly diskLostPerPowerCut: number;
  /** Staff revoke a kiosk, and enrol it again a little later. */
  readonly revokedPerMinute: number;
  /** Trouble of any kind, aimed at the moment after one step of a redemption, while the disk holds the next one back. */
  readonly aimedPerStep: number;
  /** The server's next batch waits a little, so that commands of several kiosks share one transaction. */
  readonly gatherPerBatch: number;
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
  dayLongPerCut: 0.0005,
  dayLongPerAimedCut: 0.03,
  daemonCrashPerMinute: 0.02,
  guardCrashPerMinute: 0.01,
  serverCrashPerMinute: 0.01,
  powerCutPerCrash: 0.5,
  crashPerFailpoint: 0.0004,
  crashPerStatement: 0.00003,
  crashPerWrite: 0.0002,
  slowPerWrite: 0.01,
  slowWriteMs: 400,
  stallPerWrite: 0.0003,
  stallMs: [5_000, 40_000],
  clockJumpPerMinute: 0.02,
  diskLostPerPowerCut: 0.02,
  revokedPerMinute: 0.0005,
  aimedPerStep: 0.003,
  gatherPerBatch: 0.1,
  restartMs: [300, 5_000],
  faultPerVend: 0.06,
  intruderPerMessage: 0.05,
};

/** Everything dies all the time: short runs that must meet what is rare. */
const hurricane: Weather = {
  ...storm,
  daemonCrashPerMinute: 1,
  repeatedPerMessage: 0.03,
  slowPerMessage: 0.03,
  slowMs: 12_000,
  cutPerMinute: 1,
  halfOpenPerCut: 0.8,
  cutMs: [200, 120_000],
  guardCrashPerMinute: 0.2,
  crashPerFailpoint: 0.003,
  crashPerWrite: 0.003,
  slowPerWrite: 0.05,
  stallPerWrite: 0.002,
  clockJumpPerMinute: 0.2,
  diskLostPerPowerCut: 0.05,
  revokedPerMinute: 0.01,
  aimedPerStep: 0.1,
  dayLongPerCut: 0,
  dayLongPerAimedCut: 0,
  gatherPerBatch: 0.5,
};

/** Kiosks that are out of reach for days, and little else: what comes late comes after the books have given up waiting. */
const drought: Weather = {
  ...storm,
  halfOpenPerCut: 0.6,
  dayLongPerAimedCut: 0.3,
  slowMs: 12_000,
  daemonCrashPerMinute: 0.005,
  aimedPerStep: 0.04,
};

/** Nothing goes wrong: what is left at the end of a run, so that everything open can settle. */
export const calm: Weather = {
  ...storm,
  latencyMs: [2, 20],
  lostPerMessage: 0,
  repeatedPerMessage: 0,
  slowPerMessage: 0,
  cutPerMinute: 0,
  dayLongPerCut: 0,
  dayLongPerAimedCut: 0,
  daemonCrashPerMinute: 0,
  guardCrashPerMinute: 0,
  serverCrashPerMinute: 0,
  crashPerFailpoint: 0,
  crashPerStatement: 0,
  crashPerWrite: 0,
  slowPerWrite: 0,
  stallPerWrite: 0,
  clockJumpPerMinute: 0,
  diskLostPerPowerCut: 0,
  revokedPerMinute: 0,
  aimedPerStep: 0,
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
  'slow-writes': { slowPerWrite: 0, stallPerWrite: 0 },
  'lost-disks': { diskLostPerPowerCut: 0 },
  revocations: { revokedPerMinute: 0 },
  aimed: { aimedPerStep: 0 },
  clock: { clockJumpPerMinute: 0 },
  slots: { faultPerVend: 0 },
  intruder: { intruderPerMessage: 0 },
} as const satisfies Record<string, Partial<Weather>>;
export type Calamity = keyof typeof calamities;
export const calamityNames = Object.keys(calamities) as readonly Calamity[];

/** How long a cut lasts: most are short, a few longer than a day. */
export function cutMs(chance: SeededChance, { cutMs: [least, most] }: Weather, dayLong: number): number {
  if (chance.happens(dayLong)) return DAY_MS + chance.integer(DAY_MS / 4);
  return least + chance.integer(1 + chance.integer(most - least));
}

export const weathers = { storm, hurricane, drought } as const;
export type WeatherName = keyof typeof weathers;

/** A weather spared some kinds of trouble. */
export const weatherOf = (name: WeatherName, without: readonly Calamity[]): Weather =>
  without.reduce<Weather>((weather, each) => ({ ...weather, ...calamities[each] }), weathers[name]);
