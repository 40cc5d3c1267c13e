/** Every time-out of the guard and of those who speak with it, in ms. */
export type GuardTimeouts = {
  /** A driver says `beat` this often. */
  readonly beatMs: number;
  /** Silence longer than this, and the guard lets go of everything; the other side then takes the guard for dead. */
  readonly silenceMs: number;
  /** How long after a pulse should have ended the deputy steps in. With its work this stays under limit + 100. */
  readonly deputyGraceMs: number;
  /** A line that could not be let go is tried again this often. */
  readonly offRetryMs: number;
  /** First and longest wait between tries to claim the lines, to start the deputy, or to reach the guard. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** A driver that a newer one fenced comes back after this: two that live must not throw each other out without end. */
  readonly fencedMs: number;
};

export const guardTimeouts: GuardTimeouts = {
  beatMs: 200,
  silenceMs: 1_000,
  deputyGraceMs: 40,
  offRetryMs: 10,
  retryFirstMs: 20,
  retryMostMs: 500,
  fencedMs: 5_000,
};
