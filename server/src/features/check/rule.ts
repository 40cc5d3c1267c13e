/** One promise: a query that finds the rows that break it. No row, and it holds. */
export interface Rule {
  /** Stable, for programs. */
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly about: string;
  /** SQL; every row it gives is a breach, with the ids that lead to it. */
  readonly breaches: string;
}
