import { sql } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { MoneyKind } from '../../platform/database/schema/clearing.ts';
import { statement } from '../../platform/database/statement.ts';

/** A posting as a statement shows it. */
export interface ClaimedLine {
  readonly posting_id: number;
  readonly at: number;
  readonly kind: MoneyKind;
  readonly party: string;
  readonly currency: string;
  readonly transaction_id: string;
  readonly subject: string;
  readonly counterparty: string;
  readonly points: number;
  readonly amount: number;
}

/** What a run claims: its stretch of the postings, and the disputes that were opened inside it. */
export interface Claim {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

/** Lines read at a time: so much is in memory, however long a run is. */
const LINES_AT_ONCE = 1000;

const columns = [
  'posting_id',
  'at',
  'kind',
  'party',
  'currency',
  'transaction_id',
  'subject',
  'counterparty',
  'points',
  'amount',
] as const;

const allLines = statement((db, p: { account: 'merchant:clearing'; after: number; to: number }) =>
  db
    .selectFrom('money_postings')
    .select(columns)
    .where('account', '=', p.account)
    .where('run_id', 'is', null)
    .where('posting_id', '>', p.after)
    .where('posting_id', '<=', p.to)
    .orderBy('posting_id')
    .limit(sql.lit(LINES_AT_ONCE)),
);

const linesOfParty = statement((db, p: { party: string; currency: string; after: number; to: number }) =>
  db
    .selectFrom('money_postings')
    .select(columns)
    // A literal, so that the database sees that the index on clearing fits.
    .where(sql<boolean>`account = 'merchant:clearing'`)
    .where('run_id', 'is', null)
    .where('party', '=', p.party)
    .where('currency', '=', p.currency)
    .where('posting_id', '>', p.after)
    .where('posting_id', '<=', p.to)
    .orderBy('posting_id')
    .limit(sql.lit(LINES_AT_ONCE)),
);

const exceptions = statement((db, p: { runId: string }) =>
  db
    .selectFrom('money_postings')
    .select(columns)
    .where('run_id', '=', p.runId)
    .where('account', '=', 'merchant:clearing')
    .where('kind', '=', 'dispute')
    .orderBy('posting_id'),
);

/** Every line that a run claims, in pages: by their place, then the disputes that were opened inside it. */
export async function* claimedLines(db: Db, { runId, from, to }: Claim): AsyncGenerator<ClaimedLine[]> {
  yield* paged((after) => allLines(db, { account: 'merchant:clearing', after, to }), from);
  yield await exceptions(db, { runId });
}

/** One statement's lines, in the order in which they were chained. */
export async function* statementLines(
  db: Db,
  claim: Claim,
  { party, currency }: { readonly party: string; readonly currency: string },
): AsyncGenerator<ClaimedLine[]> {
  yield* paged((after) => linesOfParty(db, { party, currency, after, to: claim.to }), claim.from);
  const disputed = await exceptions(db, { runId: claim.runId });
  yield disputed.filter((line) => line.party === party && line.currency === currency);
}

async function* paged(read: (after: number) => Promise<ClaimedLine[]>, from: number): AsyncGenerator<ClaimedLine[]> {
  let after = from;
  for (;;) {
    const page = await read(after);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < LINES_AT_ONCE) return;
    after = last.posting_id;
  }
}
