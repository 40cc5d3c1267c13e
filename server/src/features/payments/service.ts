import { newUlid } from '@tessera/shared/ids/ulid';
import { sum } from '@tessera/shared/points';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { enqueue, type MemberMessageKind } from '../../platform/outbox/outbox.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Merchants } from '../merchants/index.ts';
import { shared, type PaidLine, type PaymentLine } from './lines.ts';
import * as store from './store.ts';
import type { PaymentRow } from './store.ts';
import type { PointsWorth } from './worth.ts';

/** The till at which a member pays. */
export interface Counter {
  readonly merchantId: string;
  readonly branchId: string | null;
  readonly terminalId: string | null;
}

export interface PaymentRequest {
  readonly points: number;
  readonly reference: string;
}

/** A member who agreed to a payment, and how. */
export interface Approval {
  readonly memberId: string;
  readonly by: PaymentRow['approved_by'];
}

/** What is to come back: a line of the payment, a number of points, or all that is left. */
export interface RefundRequest {
  readonly line?: string | undefined;
  readonly points?: number | undefined;
  readonly reason: string;
}

export interface PaymentParts {
  readonly chance: Chance;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly merchants: Merchants;
  readonly worth: PointsWorth;
  /** A hold that its till forgot is given back after so long, ms. */
  readonly holdMs: number;
}

const NO_LONGER_HELD = 'It is not on hold any more.';

/** Points as payment at a counter: held with the member's approval, captured in whole or in part, or given back. */
export class Payments {
  readonly #parts: PaymentParts;

  constructor(parts: PaymentParts) {
    this.#parts = parts;
  }

  /** Holds points of a member who has approved it. A reference that the merchant has used before is a `conflict`. */
  async hold(tx: Tx, counter: Counter, request: PaymentRequest, approval: Approval): Promise<Refused<PaymentRow>> {
    const { chance, ledger, worth, holdMs } = this.#parts;
    const { merchantId } = counter;
    const { points, reference } = request;
    const { memberId } = approval;
    const money = await worth.worthOf(tx.db, merchantId, points, tx.at);
    const paymentId = newUlid({ nowMs: () => tx.at }, chance);
    const row = await store.insertPayment(tx.db, {
      payment_id: paymentId,
      member_id: memberId,
      merchant_id: merchantId,
      branch_id: counter.branchId,
      terminal_id: counter.terminalId,
      reference,
      points,
      captured: 0,
      returned: 0,
      amount_minor: money?.amountMinor ?? null,
      currency: money?.currency ?? null,
      lines: null,
      approved_by: approval.by,
      state: 'held',
      expires_at: tx.at + holdMs,
      created_at: tx.at,
      updated_at: tx.at,
    });
    if (!row) return err(problem('conflict', { detail: 'This reference has been used for another payment.' }));
    const hold = { holdId: paymentId, memberId, points, purpose: 'payment', beneficiary: merchantId } as const;
    const held = await ledger.hold(tx, hold);
    if (!held.ok) return err(problem('insufficient_points', { facts: { missing: held.error.missing } }));
    await this.#note(tx, 'payment.held', row, { points });
    return ok(row);
  }

  /** Takes held points: all, or so many, and the rest is the member's again at once. */
  async capture(
    tx: Tx,
    paymentId: string,
    { points, lines }: { points?: number | undefined; lines?: readonly PaymentLine[] | undefined },
  ): Promise<Refused<PaymentRow>> {
    const before = await store.paymentById(tx.db, paymentId);
    if (!before) return err(problem('not_found'));
    const captured = points ?? before.points;
    if (captured > before.points) {
      return err(problem('invalid_fields', { fields: { '/points': 'So many points are not on hold.' } }));
    }
    const paid = lines && JSON.stringify(shared(lines, captured));
    const step = { state: 'captured', captured, lines: paid ?? null } as const;
    const row = await store.endHold(tx.db, paymentId, step, tx.at);
    if (!row) return err(problem('conflict', { detail: NO_LONGER_HELD, facts: { state: before.state } }));
    await this.#parts.ledger.capture(tx, keyOf(row), captured);
    await this.#note(tx, 'payment.captured', row, { points: captured });
    await this.#tell(tx, row, 'payment_captured', captured);
    return ok(row);
  }

  /** Gives a hold back; one that is void already stays so. */
  async void(tx: Tx, paymentId: string): Promise<Refused<PaymentRow>> {
    const before = await store.paymentById(tx.db, paymentId);
    if (!before) return err(problem('not_found'));
    if (before.state === 'voided') return ok(before);
    const row = await store.endHold(tx.db, paymentId, { state: 'voided', captured: 0, lines: null }, tx.at);
    if (!row) return err(problem('conflict', { detail: NO_LONGER_HELD, facts: { state: before.state } }));
    await this.#parts.ledger.release(tx, keyOf(row));
    await this.#note(tx, 'payment.voided', row, { points: row.points });
    return ok(row);
  }

  /** Gives captured points back: a line, so many, or all that is left. All of them together are what was captured. */
  async refund(tx: Tx, paymentId: string, request: RefundRequest): Promise<Refused<PaymentRow>> {
    const before = await store.paymentById(tx.db, paymentId);
    if (!before) return err(problem('not_found'));
    if (before.state !== 'captured') return err(problem('conflict', { facts: { state: before.state } }));
    const wanted = await this.#wanted(tx.db, before, request);
    if (!wanted.ok) return wanted;
    const { points, line } = wanted.value;
    const refundId = newUlid({ nowMs: () => tx.at }, this.#parts.chance);
    const refund = { payment_id: paymentId, refund_id: refundId, points, line, reason: request.reason };
    if (!(await store.insertRefund(tx.db, { ...refund, actor: tx.actor, at: tx.at }))) return cameBack;
    const row = await store.countReturned(tx.db, paymentId, points, tx.at);
    if (!row) {
      const left = before.captured - before.returned;
      return err(problem('invalid_fields', { fields: { '/points': `No more than ${String(left)} can come back.` } }));
    }
    await this.#parts.ledger.refund(tx, keyOf(row), points, request.reason);
    await this.#note(tx, 'payment.refunded', row, { points, line });
    await this.#tell(tx, row, 'payment_refunded', points);
    return ok(row);
  }

  /** Gives back holds that their tills forgot; answers how many, at most `limit`. */
  async voidStale(tx: Tx, limit: number): Promise<number> {
    const stale = await store.staleHolds(tx.db, tx.at, limit);
    for (const { payment_id } of stale) {
      const voided = await this.void(tx, payment_id);
      assert(voided.ok, 'a hold that was just read can be voided');
    }
    return stale.length;
  }

  async find(db: Db, paymentId: string): Promise<PaymentRow | undefined> {
    return store.paymentById(db, paymentId);
  }

  /** What a refund asks for, in points. Lines and points do not mix: nobody could say what is left of a line. */
  async #wanted(db: Db, row: PaymentRow, { line, points }: RefundRequest) {
    const refunds = await store.refundsOf(db, row.payment_id);
    const left = row.captured - sum(refunds.map((refund) => refund.points));
    if (left === 0) return cameBack;
    const byLine = refunds.some((refund) => refund.line !== null);
    if (line === undefined) {
      if (byLine && points !== undefined) return noMix;
      return ok({ points: points ?? left, line: null });
    }
    if (refunds.some((refund) => refund.line === null)) return noMix;
    const paid = linesOf(row).find((each) => each.line === line);
    if (!paid) return err(problem('invalid_fields', { fields: { '/line': 'This payment has no such line.' } }));
    if (refunds.some((refund) => refund.line === line) || paid.points === 0) return cameBack;
    return ok({ points: paid.points, line });
  }

  async #note(tx: Tx, action: string, row: PaymentRow, facts: Readonly<Record<string, string | number | null>>) {
    const { payment_id, member_id, merchant_id } = row;
    const about = { member: member_id, merchant: merchant_id, ...facts };
    await this.#parts.audit.write(tx, action, `payment:${payment_id}`, about);
  }

  async #tell(tx: Tx, row: PaymentRow, kind: MemberMessageKind, points: number): Promise<void> {
    const merchant = await this.#parts.merchants.find(tx.db, row.merchant_id);
    const facts = { points, merchantName: merchant?.name ?? '', redemptionId: row.payment_id };
    await enqueue(tx, 'member_message', { memberId: row.member_id, kind, facts });
  }
}

const cameBack = err(problem('conflict', { detail: 'This has come back already.' }));
const noMix = err(
  problem('conflict', { detail: 'This payment is refunded by line, or by points; it began with the other.' }),
);

const keyOf = (row: PaymentRow) => ({ holdId: row.payment_id, memberId: row.member_id });

/** The lines of a captured payment. */
export const linesOf = (row: Pick<PaymentRow, 'lines'>): PaidLine[] =>
  row.lines === null ? [] : (JSON.parse(row.lines) as PaidLine[]);
