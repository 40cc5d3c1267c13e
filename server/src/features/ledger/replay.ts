import type { Db } from '../../platform/database/database.ts';
import { Rebuilt, type Difference } from './rebuild.ts';
import { membersAfter, pageOfPostings, rowsOf, type PostingPlace } from './store/replay.ts';

/** What a replay found. */
export interface ReplayReport {
  readonly ok: boolean;
  readonly members: number;
  readonly transactions: number;
  readonly postings: number;
  readonly lots: number;
  readonly differences: readonly Difference[];
}

/** Differences told of: enough to begin with. */
const MOST = 100;
const MEMBERS_AT_ONCE = 500;

/**
 * Rebuilds balances, lots and holds from the postings alone and compares them with what the books say. Reads only, in one
 * transaction, and holds no more than a few hundred members in memory.
 * @param progress told how many members have been done
 */
export async function replayPoints(db: Db, progress: (members: number) => void): Promise<ReplayReport> {
  return db.transaction().execute(async (trx) => {
    const total = { members: 0, transactions: 0, postings: 0, lots: 0 };
    const differences: Difference[] = [];
    let last = '';
    for (;;) {
      const members = await membersAfter(trx, last, MEMBERS_AT_ONCE);
      const to = members.at(-1);
      if (to === undefined) break;
      const rebuilt = await rebuild(trx, last, to);
      const rows = await rowsOf(trx, last, to);
      differences.push(...rebuilt.differences(rows).slice(0, MOST - differences.length));
      total.members += members.length;
      total.transactions += rebuilt.transactions;
      total.postings += rebuilt.postings;
      total.lots += rows.lots.length;
      progress(total.members);
      last = to;
    }
    return { ok: differences.length === 0, ...total, differences };
  });
}

/** Reads the postings of members after one and up to another, in the order in which they are kept. */
async function rebuild(db: Db, after: string, to: string): Promise<Rebuilt> {
  const rebuilt = new Rebuilt();
  let place: PostingPlace = { memberId: after, within: null };
  for (;;) {
    const page = await pageOfPostings(db, place, to);
    for (const posting of page) rebuilt.add(posting);
    const end = page.at(-1);
    if (!end) return rebuilt;
    place = { memberId: end.member_id, within: { transactionId: end.transaction_id, line: end.line } };
  }
}
