import type { Localised } from '@tessera/shared/ids/schemas';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Selectable } from 'kysely';
import type { Audit } from '../../platform/audit/audit.ts';
import { revokeTokensOf, storeToken, type FindPrincipal } from '../../platform/auth/token-store.ts';
import { newToken } from '../../platform/auth/tokens.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { MerchantsTable, TerminalsTable } from '../../platform/database/schema/people.ts';
import type { ExpiryRule } from '../ledger/index.ts';
import { mayMove, type MerchantState } from './contract.ts';
import * as store from './store.ts';

export type MerchantRow = Selectable<MerchantsTable>;
export type TerminalRow = Selectable<TerminalsTable>;

export interface NewMerchant {
  readonly name: string;
  readonly industryId: string;
  readonly terms: string;
  readonly currency: string;
  readonly rate: { readonly points: number; readonly perMinor: number };
  readonly pointsValidDays: number | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Instead of by days: with the year, or on inactivity. */
  readonly pointsExpiry: ExpiryRule | null;
}

/** Who is behind a terminal's token: terminals of a merchant that is not active can do nothing. */
export const findTerminal: FindPrincipal = async (db, id) => {
  const [terminal] = await store.terminalById(db, { terminalId: id });
  if (terminal?.state !== 'active') return undefined;
  const [merchant] = await store.merchantById(db, { merchantId: terminal.merchant_id });
  if (merchant?.state !== 'active') return undefined;
  return { kind: 'terminal', id, name: terminal.name, merchantId: terminal.merchant_id, branchId: terminal.branch_id };
};

/** Merchants of any industry, their contracts, branches and terminals. */
export class Merchants {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #audit: Audit;

  constructor(parts: { clock: Clock; chance: Chance; audit: Audit }) {
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#audit = parts.audit;
  }

  async addIndustry(
    tx: Tx,
    name: Localised,
  ): Promise<Refused<{ industry_id: string; name: string; created_at: number }>> {
    const row = { industry_id: this.#id(), name: JSON.stringify(name), created_at: tx.at };
    await store.insertIndustry(tx.db, row);
    await this.#audit.write(tx, 'industry.added', `industry:${row.industry_id}`, { name: name.en });
    return ok(row);
  }

  /** A merchant applies; `not_found` where the industry does not exist. */
  async apply(tx: Tx, merchant: NewMerchant): Promise<Refused<MerchantRow>> {
    if (!(await store.industryExists(tx.db, merchant.industryId))) {
      return err(problem('invalid_fields', { fields: { '/industryId': 'There is no such industry.' } }));
    }
    const row = await store.insertMerchant(tx.db, {
      merchant_id: this.#id(),
      industry_id: merchant.industryId,
      name: merchant.name,
      state: 'applied',
      terms: merchant.terms,
      currency: merchant.currency,
      rate_points: merchant.rate.points,
      rate_per_minor: merchant.rate.perMinor,
      points_valid_days: merchant.pointsValidDays,
      time_zone: merchant.timeZone,
      points_expiry: merchant.pointsExpiry && JSON.stringify(merchant.pointsExpiry),
      applied_at: tx.at,
    });
    await this.#audit.write(tx, 'merchant.applied', `merchant:${row.merchant_id}`, { name: row.name });
    return ok(row);
  }

  /** Changes name, terms or rate; what was earned before keeps its worth. */
  async change(
    tx: Tx,
    merchantId: string,
    change: Partial<Pick<NewMerchant, 'name' | 'terms' | 'rate' | 'pointsValidDays' | 'pointsExpiry' | 'timeZone'>>,
  ): Promise<Refused<MerchantRow>> {
    const { name, terms, rate, pointsValidDays, pointsExpiry, timeZone } = change;
    const columns = {
      ...(name === undefined ? {} : { name }),
      ...(terms === undefined ? {} : { terms }),
      ...(rate === undefined ? {} : { rate_points: rate.points, rate_per_minor: rate.perMinor }),
      ...(pointsValidDays === undefined ? {} : { points_valid_days: pointsValidDays }),
      ...(timeZone === undefined ? {} : { time_zone: timeZone }),
      ...(pointsExpiry === undefined ? {} : { points_expiry: pointsExpiry && JSON.stringify(pointsExpiry) }),
    };
    if (Object.keys(columns).length === 0) return err(problem('invalid_fields', { detail: 'Nothing to change.' }));
    const row = await store.updateMerchant(tx.db, merchantId, columns);
    if (!row) return err(problem('not_found'));
    const facts = { name: row.name, ratePoints: row.rate_points, ratePerMinor: row.rate_per_minor };
    await this.#audit.write(tx, 'merchant.changed', `merchant:${merchantId}`, facts);
    return ok(row);
  }

  /** Moves the contract; `conflict` where it cannot go there from where it is. */
  async move(tx: Tx, merchantId: string, to: MerchantState): Promise<Refused<MerchantRow>> {
    const merchant = await this.find(tx.db, merchantId);
    if (!merchant) return err(problem('not_found'));
    const from = merchant.state;
    const moved = mayMove(from, to) && (await store.moveMerchant(tx.db, { merchantId, from, to, at: tx.at }));
    if (!moved) return err(problem('conflict', { facts: { state: from } }));
    await this.#audit.write(tx, 'merchant.moved', `merchant:${merchantId}`, { from, to });
    return ok(moved);
  }

  async addBranch(tx: Tx, merchantId: string, branch: { name: string; address: string }) {
    if (!(await this.find(tx.db, merchantId))) return err(problem('not_found'));
    const row = await store.insertBranch(tx.db, {
      branch_id: this.#id(),
      merchant_id: merchantId,
      created_at: tx.at,
      ...branch,
    });
    await this.#audit.write(tx, 'branch.added', `branch:${row.branch_id}`, { merchantId, name: branch.name });
    return ok(row);
  }

  /** Adds a terminal and its token, which is shown this once. */
  async addTerminal(
    tx: Tx,
    merchantId: string,
    terminal: { name: string; branchId: string | undefined },
  ): Promise<Refused<{ terminalId: string; token: string }>> {
    if (!(await this.find(tx.db, merchantId))) return err(problem('not_found'));
    if (terminal.branchId !== undefined) {
      const branch = await store.branchById(tx.db, terminal.branchId);
      if (branch?.merchant_id !== merchantId) {
        return err(problem('invalid_fields', { fields: { '/branchId': 'This merchant has no such branch.' } }));
      }
    }
    const terminalId = this.#id();
    const token = newToken('tst', this.#chance);
    await store.insertTerminal(tx.db, {
      terminal_id: terminalId,
      merchant_id: merchantId,
      branch_id: terminal.branchId ?? null,
      name: terminal.name,
      state: 'active',
      created_at: tx.at,
    });
    await storeToken(tx, token, { kind: 'terminal', id: terminalId, expiresAt: null });
    await this.#audit.write(tx, 'terminal.added', `terminal:${terminalId}`, { merchantId, name: terminal.name });
    return ok({ terminalId, token });
  }

  /** Ends a terminal and its tokens; a repeat is fine. */
  async revokeTerminal(tx: Tx, terminalId: string): Promise<Refused<TerminalRow>> {
    const row = await store.revokeTerminalRow(tx.db, terminalId);
    if (!row) return err(problem('not_found'));
    await revokeTokensOf(tx, 'terminal', terminalId);
    await this.#audit.write(tx, 'terminal.revoked', `terminal:${terminalId}`);
    return ok(row);
  }

  /** A merchant, whatever its state. */
  async find(db: Db, merchantId: string): Promise<MerchantRow | undefined> {
    return (await store.merchantById(db, { merchantId }))[0];
  }

  #id(): string {
    return newUlid(this.#clock, this.#chance);
  }
}
