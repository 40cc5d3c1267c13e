import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import { OPERATOR_ACTOR } from '../../platform/auth/principal.ts';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import { problemOf } from './bookkeeper.ts';
import type { Corrections } from './corrections.ts';
import * as store from './resolutions-store.ts';
import type { DiscrepancyRow, ResolutionRow } from './resolutions-store.ts';
import { redemptionById, type RedemptionRow } from './store.ts';

export type { DiscrepancyRow, ResolutionRow } from './resolutions-store.ts';

export interface Proposal {
  readonly verdict: ResolutionRow['verdict'];
  readonly reason: string;
}

interface ResolutionsOptions {
  readonly bookkeeper: Bookkeeper;
  readonly corrections: Corrections;
  readonly audit: Audit;
  readonly chance: Chance;
}

/** Whoever reads the token's file may be the very person who proposed. */
const A_FILE = 'The operator’s token is a file, not a person: confirm with the sign-in of a second person.';

/** Two staff: one proposes how something ended, another confirms, and only then the books move. */
export class Resolutions {
  readonly #options: ResolutionsOptions;

  constructor(options: ResolutionsOptions) {
    this.#options = options;
  }

  /** Proposes how a redemption in doubt ended. */
  async propose(tx: Tx, redemptionId: string, proposal: Proposal): Promise<Result<ResolutionRow, Problem>> {
    const [row] = await redemptionById(tx.db, { redemptionId });
    if (!row) return err(problem('not_found'));
    if (row.ended_at !== null) return err(problem('already_resolved', { facts: { state: row.state } }));
    if (row.state !== 'in_doubt') return err(problem('conflict', { facts: { state: row.state } }));
    return ok(await this.#propose(tx, row, null, proposal));
  }

  /** Proposes what to do about evidence that contradicts an ended redemption. */
  async proposeFor(tx: Tx, discrepancyId: string, proposal: Proposal): Promise<Result<ResolutionRow, Problem>> {
    const discrepancy = await store.discrepancyById(tx.db, discrepancyId);
    if (!discrepancy) return err(problem('not_found'));
    if (discrepancy.state === 'closed') return err(problem('already_resolved'));
    const [row] = await redemptionById(tx.db, { redemptionId: discrepancy.redemption_id });
    assert(row !== undefined, 'a discrepancy has its redemption');
    return ok(await this.#propose(tx, row, discrepancyId, proposal));
  }

  /** Confirms another person's proposal; the books move now. */
  async confirm(
    tx: Tx,
    resolutionId: string,
    about: { redemptionId: string } | { discrepancyId: string },
  ): Promise<Result<ResolutionRow, Problem>> {
    const proposal = await store.resolutionById(tx.db, resolutionId);
    const belongs =
      'redemptionId' in about
        ? proposal?.redemption_id === about.redemptionId && proposal.discrepancy_id === null
        : proposal?.discrepancy_id === about.discrepancyId;
    if (!proposal || !belongs) return err(problem('not_found'));
    if (proposal.state !== 'proposed') return err(problem('already_resolved'));
    if (proposal.proposed_by === tx.actor) return err(problem('second_person_required'));
    if (tx.actor === OPERATOR_ACTOR) return err(problem('second_person_required', { detail: A_FILE }));
    const moved = await this.#move(tx, proposal);
    if (!moved.ok) return moved;
    const confirmed = await store.confirmResolution(tx.db, resolutionId, tx.actor, tx.at);
    assert(confirmed !== undefined, 'a proposal that was read in this command is still one');
    await store.overtakeOthers(tx.db, proposal);
    const { redemption_id, verdict, proposed_by } = proposal;
    const facts = { resolutionId, verdict, proposedBy: proposed_by };
    await this.#options.audit.write(tx, 'resolution.confirmed', `redemption:${redemption_id}`, facts);
    const after = await store.resolutionById(tx.db, resolutionId);
    return after ? ok(after) : err(problem('not_found'));
  }

  async of(db: Db, redemptionId: string): Promise<ResolutionRow[]> {
    return store.resolutionsOf(db, redemptionId);
  }

  async discrepancies(db: Db, filter: Parameters<typeof store.listDiscrepancies>[1]): Promise<DiscrepancyRow[]> {
    return store.listDiscrepancies(db, filter);
  }

  async #propose(
    tx: Tx,
    row: RedemptionRow,
    discrepancyId: string | null,
    { verdict, reason }: Proposal,
  ): Promise<ResolutionRow> {
    const resolution: ResolutionRow = {
      resolution_id: newUlid({ nowMs: () => tx.at }, this.#options.chance),
      redemption_id: row.redemption_id,
      discrepancy_id: discrepancyId,
      verdict,
      reason,
      state: 'proposed',
      proposed_by: tx.actor,
      proposed_at: tx.at,
      confirmed_by: null,
      confirmed_at: null,
    };
    await store.insertResolution(tx.db, resolution);
    await this.#options.bookkeeper.amend(tx, row, 'proposed', {}, { verdict, reason });
    const facts = { resolutionId: resolution.resolution_id, verdict, reason };
    await this.#options.audit.write(tx, 'resolution.proposed', `redemption:${row.redemption_id}`, facts);
    return resolution;
  }

  async #move(tx: Tx, proposal: ResolutionRow): Promise<Result<null, Problem>> {
    const [row] = await redemptionById(tx.db, { redemptionId: proposal.redemption_id });
    assert(row !== undefined, 'a resolution has its redemption');
    const { discrepancy_id, verdict } = proposal;
    if (discrepancy_id !== null) {
      if (!(await store.closeDiscrepancy(tx.db, discrepancy_id, tx.at))) return err(problem('already_resolved'));
      await this.#options.corrections.correct(tx, row, verdict);
      return ok(null);
    }
    if (row.ended_at !== null) return err(problem('already_resolved', { facts: { state: row.state } }));
    const event = verdict === 'captured' ? 'staff_captured' : 'staff_released';
    const detail = { proposedBy: proposal.proposed_by, confirmedBy: tx.actor, reason: proposal.reason };
    const applied = await this.#options.bookkeeper.apply(tx, row, event, { detail });
    return applied.ok ? ok(null) : err(problemOf(applied.error));
  }
}
