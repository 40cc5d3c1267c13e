import type { Db } from '../../platform/database/database.ts';
import { firstLink, nextLink, type Totals } from './chain.ts';
import { claimedLines, type Claim, type ClaimedLine } from './lines.ts';

/** One party's sums of a run, before terms are applied. */
export interface Sum {
  readonly party: string;
  readonly currency: string;
  readonly lines: number;
  readonly totals: Totals;
  readonly net: number;
  /** The last link of its lines' chain. */
  readonly head: string;
}

/** Adds lines up, statement by statement: what is kept is one sum a party, however many lines there are. */
class Tally {
  readonly party: string;
  readonly currency: string;
  head: string;
  lines = 0;
  net = 0;
  readonly totals: Record<string, { lines: number; points: number; amount: number }> = {};

  constructor(runId: string, { party, currency }: ClaimedLine) {
    this.party = party;
    this.currency = currency;
    this.head = firstLink({ runId, party, currency });
  }

  add(line: ClaimedLine): void {
    this.lines += 1;
    this.net += line.amount;
    this.head = nextLink(this.head, this.lines, line);
    const total = (this.totals[line.kind] ??= { lines: 0, points: 0, amount: 0 });
    total.lines += 1;
    total.points += line.points;
    total.amount += line.amount;
  }
}

/** Reads a run's lines once, in their order, and sums each statement up. `progress` hears of every page. */
export async function sumUp(db: Db, claim: Claim, progress: (lines: number) => Promise<void>): Promise<Sum[]> {
  const tallies = new Map<string, Tally>();
  let counted = 0;
  for await (const page of claimedLines(db, claim)) {
    for (const line of page) {
      const key = `${line.party} ${line.currency}`;
      const tally = tallies.get(key) ?? new Tally(claim.runId, line);
      tallies.set(key, tally);
      tally.add(line);
    }
    counted += page.length;
    await progress(counted);
  }
  return [...tallies.values()];
}
