import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { MoneyProposalsTable } from '../../platform/database/schema/clearing.ts';

export type ProposalRow = Selectable<MoneyProposalsTable>;

export const insertProposal = (db: Db, row: Insertable<MoneyProposalsTable>) =>
  db.insertInto('money_proposals').values(row).returningAll().executeTakeFirstOrThrow();

export const proposalById = (db: Db, proposalId: string) =>
  db.selectFrom('money_proposals').selectAll().where('proposal_id', '=', proposalId).executeTakeFirst();

/** Decides a proposal, once; undefined where somebody was first. */
export const decideProposal = (
  db: Db,
  decision: { proposalId: string; state: 'confirmed' | 'rejected'; by: string; at: number },
) =>
  db
    .updateTable('money_proposals')
    .set({ state: decision.state, decided_by: decision.by, decided_at: decision.at })
    .where('proposal_id', '=', decision.proposalId)
    .where('state', '=', 'proposed')
    .returningAll()
    .executeTakeFirst();

/** One more than `limit` proposals before an id, newest first. */
export function listProposals(
  db: Db,
  page: { limit: number; before?: string; state?: ProposalRow['state'] | undefined; party?: string | undefined },
) {
  let query = db
    .selectFrom('money_proposals')
    .selectAll()
    .orderBy('proposal_id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('proposal_id', '<', page.before);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  if (page.party !== undefined) query = query.where('party', '=', page.party);
  return query.execute();
}
