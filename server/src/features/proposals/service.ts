import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import { OPERATOR_ACTOR } from '../../platform/auth/principal.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Action, Asked } from './action.ts';
import * as store from './store.ts';

/** Whoever reads the token's file may be the very person who proposed. */
const A_FILE = 'The operator’s token is a file, not a person: confirm with the sign-in of a second person.';

/** Refuses whoever may not be the second person: the first one, and the token that is no person. */
export function secondPerson(tx: Tx, first: string): Refused<null> {
  if (first === tx.actor) return err(problem('second_person_required'));
  return tx.actor === OPERATOR_ACTOR ? err(problem('second_person_required', { detail: A_FILE })) : ok(null);
}

/** What moves money or its terms takes two: one proposes, another confirms, and only then anything happens. */
export class Proposals {
  readonly actions: readonly Action[];
  readonly #audit: Audit;
  readonly #chance: Chance;

  constructor(parts: { audit: Audit; chance: Chance }, actions: readonly Action[]) {
    this.actions = actions;
    this.#audit = parts.audit;
    this.#chance = parts.chance;
  }

  async propose(tx: Tx, asked: Asked): Promise<Refused<store.ProposalRow>> {
    const action = this.#action(asked.action);
    const checked = await action.check(tx, asked);
    if (!checked.ok) return checked;
    const row = await store.insertProposal(tx.db, {
      proposal_id: newUlid({ nowMs: () => tx.at }, this.#chance),
      action: asked.action,
      party: action.partyOf(asked),
      body: JSON.stringify(asked),
      reason: asked.reason,
      state: 'proposed',
      proposed_by: tx.actor,
      proposed_at: tx.at,
      decided_by: null,
      decided_at: null,
    });
    await this.#write(tx, 'proposed', row);
    return ok(row);
  }

  /** Confirms another person's proposal and performs it now. */
  async confirm(tx: Tx, proposalId: string): Promise<Refused<store.ProposalRow>> {
    const found = await this.#open(tx, proposalId);
    if (!found.ok) return found;
    const second = secondPerson(tx, found.value.proposed_by);
    if (!second.ok) return second;
    const asked = JSON.parse(found.value.body) as Asked;
    const done = await this.#action(asked.action).perform(tx, asked, proposalId);
    return done.ok ? ok(await this.#decide(tx, proposalId, 'confirmed')) : done;
  }

  /** Ends a proposal without effect; whoever made it may withdraw it so. */
  async reject(tx: Tx, proposalId: string): Promise<Refused<store.ProposalRow>> {
    const found = await this.#open(tx, proposalId);
    return found.ok ? ok(await this.#decide(tx, proposalId, 'rejected')) : found;
  }

  async #open(tx: Tx, proposalId: string): Promise<Refused<store.ProposalRow>> {
    const row = await store.proposalById(tx.db, proposalId);
    if (!row) return err(problem('not_found'));
    return row.state === 'proposed' ? ok(row) : err(problem('already_resolved', { facts: { state: row.state } }));
  }

  async #decide(tx: Tx, proposalId: string, state: 'confirmed' | 'rejected'): Promise<store.ProposalRow> {
    const row = await store.decideProposal(tx.db, { proposalId, state, by: tx.actor, at: tx.at });
    assert(row !== undefined, 'a proposal that was read in this command is still one');
    await this.#write(tx, state, row);
    return row;
  }

  async #write(tx: Tx, step: string, row: store.ProposalRow): Promise<void> {
    const { proposal_id: proposalId, action, party, body } = row;
    await this.#audit.write(tx, `money.${step}`, `proposal:${proposalId}`, { action, party, asked: body });
  }

  #action(name: string): Action {
    const action = this.actions.find((each) => each.action === name);
    assert(action !== undefined, 'a stored proposal names an action that exists');
    return action;
  }
}
