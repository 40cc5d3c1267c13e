import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import { OPERATOR_ACTOR } from '../../platform/auth/principal.ts';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import * as store from './store.ts';
import type { AdjustmentRow } from './store.ts';

export interface Proposal {
  readonly memberId: string;
  /** Positive gives, negative takes. */
  readonly points: number;
  /** Of points that are given: ms since the epoch, null for never. */
  readonly expiresAt: number | null;
  readonly reason: string;
}

interface AdjustmentParts {
  readonly chance: Chance;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly members: Members;
}

/** Whoever reads the token's file may be the very person who proposed. */
const A_FILE = 'The operator’s token is a file, not a person: confirm with the sign-in of a second person.';

/** Points set right by hand: one person proposes, another confirms, and only then the books move. */
export class Adjustments {
  readonly #parts: AdjustmentParts;

  constructor(parts: AdjustmentParts) {
    this.#parts = parts;
  }

  async propose(tx: Tx, { memberId, points, expiresAt, reason }: Proposal): Promise<Refused<AdjustmentRow>> {
    const { chance, audit, members } = this.#parts;
    if (!(await members.find(tx.db, memberId))) return err(problem('not_found'));
    if (expiresAt !== null && (points < 0 || expiresAt <= tx.at)) {
      const wrong = points < 0 ? 'Points that are taken do not expire.' : 'This time has passed.';
      return err(problem('invalid_fields', { fields: { '/expiresAt': wrong } }));
    }
    const row = await store.insertAdjustment(tx.db, {
      member_id: memberId,
      adjustment_id: newUlid({ nowMs: () => tx.at }, chance),
      points,
      expires_at: expiresAt,
      reason,
      state: 'proposed',
      proposed_by: tx.actor,
      proposed_at: tx.at,
      decided_by: null,
      decided_at: null,
      transaction_id: null,
    });
    await audit.write(tx, 'adjustment.proposed', `member:${memberId}`, { ...named(row), points, reason });
    return ok(row);
  }

  /** Confirms another person's proposal; the books move now. */
  async confirm(tx: Tx, memberId: string, adjustmentId: string): Promise<Refused<AdjustmentRow>> {
    const row = await store.adjustmentById(tx.db, memberId, adjustmentId);
    if (!row) return err(problem('not_found'));
    if (row.state !== 'proposed') return err(problem('already_resolved', { facts: { state: row.state } }));
    if (row.proposed_by === tx.actor) return err(problem('second_person_required'));
    if (tx.actor === OPERATOR_ACTOR) return err(problem('second_person_required', { detail: A_FILE }));
    const { points, reason, expires_at: expiresAt } = row;
    const booked = await this.#parts.ledger.adjust(tx, { adjustmentId, memberId, points, reason, expiresAt });
    if (!booked.ok) return err(problem('insufficient_points', { facts: { missing: booked.error.missing } }));
    return ok(await this.#decide(tx, row, 'confirmed', booked.value));
  }

  /** Takes a proposal back, one's own or another's: nothing has moved, nothing moves. */
  async withdraw(tx: Tx, memberId: string, adjustmentId: string): Promise<Refused<AdjustmentRow>> {
    const row = await store.adjustmentById(tx.db, memberId, adjustmentId);
    if (!row) return err(problem('not_found'));
    if (row.state !== 'proposed') return err(problem('already_resolved', { facts: { state: row.state } }));
    return ok(await this.#decide(tx, row, 'withdrawn', null));
  }

  async #decide(
    tx: Tx,
    row: AdjustmentRow,
    state: 'confirmed' | 'withdrawn',
    transactionId: string | null,
  ): Promise<AdjustmentRow> {
    const decision = { state, decided_by: tx.actor, decided_at: tx.at, transaction_id: transactionId };
    const decided = await store.decideAdjustment(tx.db, row, decision);
    assert(decided !== undefined, 'a proposal that was read in this command is still one');
    const facts = { ...named(row), points: row.points, proposedBy: row.proposed_by };
    await this.#parts.audit.write(tx, `adjustment.${state}`, `member:${row.member_id}`, facts);
    return decided;
  }
}

const named = (row: AdjustmentRow) => ({ adjustmentId: row.adjustment_id });
