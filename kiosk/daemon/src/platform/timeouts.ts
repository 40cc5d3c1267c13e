/** Every wait of the daemon, in ms, in one named place. Tests and the simulation give their own. */
export type Timeouts = {
  /** Screens: how long each stays without a touch. */
  readonly identifyMs: number;
  readonly enterNumberMs: number;
  readonly enterPinMs: number;
  readonly checkingMs: number;
  readonly chooseMs: number;
  readonly confirmMs: number;
  /** How long a gift may lie in the tray before the next session starts all the same. */
  readonly takeMs: number;
  /** After the tray was emptied. */
  readonly takenMs: number;
  readonly failedMs: number;
  readonly inDoubtMs: number;
  /** Settings of a passer-by (language, large text) on the attract screen. */
  readonly attractPrefsMs: number;
  /** "More time?" is asked when this much is left; at least 20 s for people (EN 301 549). */
  readonly warnMs: number;

  /** Link: one acknowledgement. */
  readonly ackMs: number;
  /** From the connection to the answered hello. */
  readonly helloMs: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  /** Between two tries after the server refused this kiosk. */
  readonly refusedRetryMs: number;
  readonly statusEveryMs: number;
  /** The least time between two changes of state that the server is told. */
  readonly statusRestMs: number;
  /** How long a new configuration waits for the disk: a running redemption needs it first. */
  readonly configSaveMs: number;
  /** How long the link may be down before the screen says so: short gaps heal unseen. */
  readonly offlineGraceMs: number;

  /** Redemption: how long authorise is asked again before the kiosk gives up and abandons. */
  readonly authoriseMs: number;
  readonly prepareMs: number;
  /** The dispenser must have reported within this after the pulse was asked for; later is `unknown`. */
  readonly vendMs: number;
  /** How long a stop waits for a running redemption. */
  readonly stopMs: number;
  /** vendBy of a pick-up: from its acceptance to its pulse. */
  readonly pickupVendByMs: number;
};

export const defaultTimeouts: Timeouts = {
  identifyMs: 60_000,
  enterNumberMs: 60_000,
  enterPinMs: 60_000,
  checkingMs: 12_000,
  chooseMs: 90_000,
  confirmMs: 60_000,
  takeMs: 60_000,
  takenMs: 10_000,
  failedMs: 40_000,
  inDoubtMs: 90_000,
  attractPrefsMs: 60_000,
  warnMs: 20_000,
  ackMs: 4_000,
  helloMs: 10_000,
  backoffFirstMs: 400,
  backoffMaxMs: 20_000,
  refusedRetryMs: 60_000,
  statusEveryMs: 30_000,
  statusRestMs: 2_000,
  configSaveMs: 2_000,
  offlineGraceMs: 3_000,
  authoriseMs: 15_000,
  prepareMs: 8_000,
  vendMs: 60_000,
  stopMs: 8_000,
  pickupVendByMs: 30_000,
};
