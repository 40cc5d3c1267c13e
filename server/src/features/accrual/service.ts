import { newUlid } from '@tessera/shared/ids/ulid';
import { pointsForAmount } from '@tessera/shared/points';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Credentials } from '../identity/index.ts';
import { lifeOf, type Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import { expiryOf, type Merchants } from '../merchants/index.ts';
import type { AccrueBody } from './schemas.ts';
import * as store from './store.ts';

/** The till that records a sale. */
export interface Till {
  readonly merchantId: string;
  readonly branchId: string | null;
  readonly terminalId: string | null;
}

export interface Accrued {
  readonly row: store.AccrualRow;
  readonly maskedName: string;
  readonly available: number;
}

interface Worth {
  readonly points: number;
  readonly amountMinor: number | null;
  readonly currency: string | null;
}

export interface AccrualParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly members: Members;
  readonly merchants: Merchants;
  readonly credentials: Credentials;
  readonly ledger: Ledger;
}

type Merchant = NonNullable<Awaited<ReturnType<Merchants['find']>>>;

/** Sales at a till: points, visits and spend, in one step. */
export class Accruals {
  readonly #parts: AccrualParts;

  constructor(parts: AccrualParts) {
    this.#parts = parts;
  }

  /** Records a sale and issues its points. A reference that the merchant has used before is a `conflict`. */
  async accrue(tx: Tx, till: Till, sale: AccrueBody): Promise<Refused<Accrued>> {
    const { members, merchants } = this.#parts;
    const merchant = await merchants.find(tx.db, till.merchantId);
    if (merchant?.state !== 'active') return err(problem('forbidden', { detail: 'This merchant is not active.' }));
    if (merchant.issuing_suspended_at !== null) return err(problem('issuing_suspended'));
    const worth = worthOf(merchant, sale);
    if (!worth.ok) return worth;
    const who = await this.#memberOf(tx, sale.member);
    if (!who.ok) return who;
    const member = await members.view(tx.db, who.value);
    if (!member) return err(problem('credential_refused'));
    if (member.status !== 'active') return err(problem('member_suspended'));
    const recorded = await this.#record(tx, till, sale.reference, member.memberId, worth.value);
    if (!recorded.ok) return recorded;
    const available = await this.#issue(tx, merchant, recorded.value);
    await members.recordVisit(tx, {
      merchantId: merchant.merchant_id,
      memberId: member.memberId,
      currency: worth.value.currency ?? '',
      spendMinor: worth.value.amountMinor ?? 0,
      points: worth.value.points,
    });
    return ok({ row: recorded.value, maskedName: member.maskedName, available });
  }

  /** Sales by their ids, in no order. */
  async byIds(db: Db, ids: readonly string[]): Promise<store.AccrualRow[]> {
    return ids.length === 0 ? [] : store.accrualsByIds(db, ids);
  }

  /** By number, or by QR: a code is used up here as at a kiosk. */
  async #memberOf(tx: Tx, member: AccrueBody['member']): Promise<Refused<string>> {
    if ('memberId' in member) return ok(member.memberId);
    const taken = await this.#parts.credentials.take(tx, member.qr);
    if (!taken.ok) return taken;
    return taken.value.repeat ? err(problem('credential_refused')) : ok(taken.value.memberId);
  }

  async #record(
    tx: Tx,
    till: Till,
    reference: string,
    memberId: string,
    worth: Worth,
  ): Promise<Refused<store.AccrualRow>> {
    const { clock, chance, audit } = this.#parts;
    const row = await store.insertAccrual(tx.db, {
      accrual_id: newUlid(clock, chance),
      merchant_id: till.merchantId,
      branch_id: till.branchId,
      terminal_id: till.terminalId,
      member_id: memberId,
      reference,
      amount_minor: worth.amountMinor,
      currency: worth.currency,
      points: worth.points,
      transaction_id: null,
      created_at: tx.at,
    });
    if (!row) return err(problem('conflict', { detail: 'This reference has been used for another sale.' }));
    await audit.write(tx, 'accrual.recorded', `accrual:${row.accrual_id}`, { memberId, points: worth.points });
    return ok(row);
  }

  /** A sale below the rate's first step earns nothing and is recorded all the same: it is a visit. */
  async #issue(tx: Tx, merchant: Merchant, row: store.AccrualRow): Promise<number> {
    const { ledger } = this.#parts;
    if (row.points === 0) return (await ledger.balancesOf(tx.db, row.member_id)).available;
    const { transactionId, available } = await ledger.earn(tx, {
      memberId: row.member_id,
      issuer: merchant.merchant_id,
      rule:
        row.amount_minor === null
          ? 'points'
          : `rate:${String(merchant.rate_points)}/${String(merchant.rate_per_minor)}`,
      points: row.points,
      ...lifeOf(expiryOf(merchant), tx.at),
      accrualId: row.accrual_id,
      reason: 'sale',
    });
    await store.setTransaction(tx.db, row.accrual_id, transactionId);
    return available;
  }
}

/** What a sale is worth in points, at the merchant's rate and in its currency. */
function worthOf(merchant: Merchant, sale: AccrueBody): Refused<Worth> {
  if ('points' in sale) return ok({ points: sale.points, amountMinor: null, currency: null });
  if (sale.currency !== merchant.currency) {
    return err(problem('invalid_fields', { fields: { '/currency': `This merchant counts in ${merchant.currency}.` } }));
  }
  const rate = { points: merchant.rate_points, perMinor: merchant.rate_per_minor };
  return ok({
    points: pointsForAmount(sale.amountMinor, rate),
    amountMinor: sale.amountMinor,
    currency: sale.currency,
  });
}
