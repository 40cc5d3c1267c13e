import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Selectable } from 'kysely';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import type { MoneyDisputesTable } from '../../platform/database/schema/settlement.ts';
import { postLines, watchCredit } from '../clearing/index.ts';
import { line } from './posting.ts';
import type { SettlementRuns } from './runs.ts';
import * as store from './store.ts';
import type { RunRow } from './store.ts';

export type DisputeRow = Selectable<MoneyDisputesTable>;

interface DisputeParts {
  readonly runs: SettlementRuns;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Lines that say what was settled or decided already are not disputed: their grounds are. */
const FINAL = ['settle', 'dispute'];

/** Lines that a party does not accept wait in suspense; everything else is settled without them. */
export class Disputes {
  readonly #parts: DisputeParts;

  constructor(parts: DisputeParts) {
    this.#parts = parts;
  }

  /**
   * Opens a dispute: the line's money goes to suspense. A run that has claimed the line and that nobody has approved is
   * calculated anew without it; otherwise the next run gives the money back until two people have decided.
   */
  async open(tx: Tx, about: { postingId: number; reason: string; party?: string }): Promise<Refused<DisputeRow>> {
    const posting = await postingById(tx.db, about.postingId);
    const isTheirs = about.party === undefined || posting?.party === about.party;
    if (posting?.account !== 'merchant:clearing' || !isTheirs) return err(problem('not_found'));
    if (FINAL.includes(posting.kind) || posting.amount === 0) {
      return err(problem('conflict', { facts: { kind: posting.kind } }));
    }
    const run = await this.#claiming(tx, posting.posting_id);
    const row = await this.#insert(tx, posting, run, about.reason);
    if (!row) return err(problem('conflict', { detail: 'This line is disputed already.' }));
    await this.#move(tx, row, line('merchant:clearing', row.party, row.currency, -row.amount_minor), run?.run_id);
    const { dispute_id: disputeId, party, amount_minor: amountMinor } = row;
    const facts = { party, postingId: row.posting_id, amountMinor, reason: row.reason };
    await this.#parts.audit.write(tx, 'dispute.opened', `dispute:${disputeId}`, facts);
    if (run) {
      const again = await this.#parts.runs.recalculate(tx, run);
      if (!again.ok) return again;
    }
    await watchCredit(tx, this.#parts.audit, party);
    return ok(row);
  }

  /** A dispute that still waits for two people. */
  async find(tx: Tx, disputeId: string): Promise<Refused<DisputeRow>> {
    const row = await disputeById(tx.db, disputeId);
    if (!row) return err(problem('not_found'));
    return row.state === 'open' ? ok(row) : err(problem('already_resolved', { facts: { state: row.state } }));
  }

  /** Ends a dispute. Upheld: `bearer` takes the line over. Rejected: it goes back to whom it belongs, by the next run. */
  async resolve(
    tx: Tx,
    disputeId: string,
    { verdict, bearer }: { verdict: 'upheld' | 'rejected'; bearer: string },
  ): Promise<Refused<null>> {
    const found = await this.find(tx, disputeId);
    if (!found.ok) return found;
    const { party, currency, amount_minor: amount } = found.value;
    const taker = verdict === 'upheld' ? bearer : party;
    await this.#move(
      tx,
      found.value,
      line('merchant:clearing', taker, currency, amount, verdict === 'upheld' ? party : ''),
    );
    await tx.db
      .updateTable('money_disputes')
      .set({ state: verdict, closed_at: tx.at, bearer: verdict === 'upheld' ? bearer : null })
      .where('dispute_id', '=', disputeId)
      .execute();
    await this.#parts.audit.write(tx, `dispute.${verdict}`, `dispute:${disputeId}`, { party, bearer: taker });
    if (taker !== OPERATOR) await watchCredit(tx, this.#parts.audit, taker);
    return ok(null);
  }

  /** The run that has claimed a line and can still let go of it. */
  async #claiming(tx: Tx, postingId: number): Promise<RunRow | undefined> {
    const run = await store.runUnderway(tx.db);
    if (run?.state !== 'cutoff' && run?.state !== 'calculated') return undefined;
    return postingId > run.from_posting && postingId <= (run.to_posting ?? 0) ? run : undefined;
  }

  async #move(tx: Tx, row: DisputeRow, clearing: ReturnType<typeof line>, runId?: string): Promise<void> {
    const transactionId = newUlid({ nowMs: () => tx.at }, this.#parts.chance);
    const suspense = line('merchant:suspense', row.party, row.currency, -clearing.amount);
    const event = { transactionId, kind: 'dispute' as const, subject: row.dispute_id };
    await postLines(tx, runId === undefined ? event : { ...event, runId }, [clearing, suspense]);
  }

  async #insert(
    tx: Tx,
    posting: NonNullable<Awaited<ReturnType<typeof postingById>>>,
    run: RunRow | undefined,
    reason: string,
  ): Promise<DisputeRow | undefined> {
    const disputed = await tx.db
      .selectFrom('money_disputes')
      .select('dispute_id')
      .where('posting_id', '=', posting.posting_id)
      .where('state', '<>', 'rejected')
      .executeTakeFirst();
    if (disputed) return undefined;
    const row = await tx.db
      .insertInto('money_disputes')
      .values({
        dispute_id: newUlid({ nowMs: () => tx.at }, this.#parts.chance),
        posting_id: posting.posting_id,
        party: posting.party,
        currency: posting.currency,
        amount_minor: posting.amount,
        run_id: run?.run_id ?? null,
        reason,
        state: 'open',
        opened_by: tx.actor,
        opened_at: tx.at,
        closed_at: null,
        bearer: null,
      })
      .returningAll()
      .executeTakeFirst();
    assert(row !== undefined, 'a new row comes back');
    return row;
  }
}

const postingById = (db: Db, postingId: number) =>
  db.selectFrom('money_postings').selectAll().where('posting_id', '=', postingId).executeTakeFirst();

const disputeById = (db: Db, disputeId: string) =>
  db.selectFrom('money_disputes').selectAll().where('dispute_id', '=', disputeId).executeTakeFirst();

/** One more than `limit` disputes before an id, newest first. */
export function listDisputes(
  db: Db,
  page: { limit: number; before?: string; party?: string | undefined; state?: DisputeRow['state'] | undefined },
) {
  let query = db
    .selectFrom('money_disputes')
    .selectAll()
    .orderBy('dispute_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('dispute_id', '<', page.before);
  if (page.party !== undefined) query = query.where('party', '=', page.party);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  return query.execute();
}
