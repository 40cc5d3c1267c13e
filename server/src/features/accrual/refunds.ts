import { newUlid } from '@tessera/shared/ids/ulid';
import { sum } from '@tessera/shared/points';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { assert, err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import type { Tiers } from '../tiers/index.ts';
import { qualifyingOf } from './counted-sales.ts';
import { operatorsPart, pointsBack } from './refund-points.ts';
import type { RefundBody } from './schemas.ts';
import * as store from './store.ts';

export interface RefundParts {
  readonly chance: Chance;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly members: Members;
  readonly tiers: Tiers;
}

interface BackLine {
  readonly line: number;
  readonly amountMinor: number;
  readonly points: number;
}

/** What comes back: of the sale as a whole, and of its lines where it has some. */
interface Back {
  readonly amountMinor: number;
  readonly points: number;
  readonly lines: readonly BackLine[];
}

/** Goods that come back to the shop, and their points with them. */
export class Refunds {
  readonly #parts: RefundParts;

  constructor(parts: RefundParts) {
    this.#parts = parts;
  }

  /**
   * Takes back the points of goods that came back: what the member has pending, then available, and the rest is owed.
   * Limits of earning rules are not given back with them: who buys and returns does not earn the limit anew.
   * @param merchantId whose sale it must be; null for staff
   */
  async refund(
    tx: Tx,
    ask: { readonly accrualId: string; readonly merchantId: string | null },
    body: RefundBody,
  ): Promise<Refused<store.RefundRow>> {
    const [sale] = await store.accrualById(tx.db, ask);
    if (!sale || (ask.merchantId !== null && sale.merchant_id !== ask.merchantId)) return err(problem('not_found'));
    if (await store.refundByReference(tx.db, sale.accrual_id, body.reference)) {
      return err(problem('conflict', { detail: 'This reference has been used for another refund of this sale.' }));
    }
    const back = backOf(sale, await store.linesOf(tx.db, ask), body.goods);
    if (!back.ok) return back;
    return ok(await this.#take(tx, sale, back.value, body));
  }

  async #take(tx: Tx, sale: store.AccrualRow, back: Back, body: RefundBody): Promise<store.RefundRow> {
    const accrualId = sale.accrual_id;
    const { amountMinor, points, lines } = back;
    const [counted] = await store.refundOfSale(tx.db, { accrualId, amountMinor, points });
    assert(counted !== undefined, 'what was just read of a sale still stands');
    for (const line of lines) {
      const [taken] = await store.refundOfLine(tx.db, { accrualId, ...line });
      assert(taken !== undefined, 'what was just read of a line still stands');
    }
    const clawed = await this.#clawBack(tx, sale, points, body.reason);
    await this.#parts.members.recordReturn(tx, {
      merchantId: sale.merchant_id,
      memberId: sale.member_id,
      currency: sale.currency ?? '',
      spendMinor: amountMinor,
      points,
    });
    const { left } = qualifyingOf({ ...sale, refunded_points: sale.refunded_points + points });
    await this.#parts.tiers.cameBack(tx, { memberId: sale.member_id, accrualId, left });
    const row: store.RefundRow = {
      refund_id: newUlid({ nowMs: () => tx.at }, this.#parts.chance),
      accrual_id: accrualId,
      reference: body.reference,
      amount_minor: amountMinor,
      points,
      ...clawed,
      lines: JSON.stringify(lines),
      reason: body.reason,
      actor: tx.actor,
      created_at: tx.at,
    };
    const inserted = await store.insertRefund(tx.db, row);
    assert(inserted !== undefined, 'a reference that was just free still is');
    const facts = { memberId: sale.member_id, amountMinor, points, owed: clawed.owed };
    await this.#parts.audit.write(tx, 'accrual.refunded', `accrual:${accrualId}`, facts);
    return row;
  }

  /** Who gave the points gets them back. */
  async #clawBack(
    tx: Tx,
    sale: store.AccrualRow,
    points: number,
    reason: string,
  ): Promise<Pick<store.RefundRow, 'from_pending' | 'from_available' | 'owed'>> {
    const { points: all, operator_points: operatorPoints, refunded_points: refundedPoints } = sale;
    const operators = operatorsPart({ points: all, operatorPoints, refundedPoints }, points);
    const total = { from_pending: 0, from_available: 0, owed: 0 };
    for (const [issuer, part] of [
      [sale.merchant_id, points - operators],
      [null, operators],
    ] as const) {
      if (part === 0) continue;
      const { member_id: memberId, accrual_id: accrualId } = sale;
      const clawed = await this.#parts.ledger.clawback(tx, { memberId, accrualId, issuer, points: part, reason });
      total.from_pending += clawed.fromPending;
      total.from_available += clawed.fromAvailable;
      total.owed += clawed.owed;
    }
    return total;
  }
}

const tooMuch = (left: number) =>
  err(problem('conflict', { detail: 'More would come back than is left of this sale.', facts: { left } }));

const wrongGoods = (detail: string) => err(problem('invalid_fields', { detail, fields: { '/goods': detail } }));

const returnable = (row: store.AccrualRow | store.LineRow) => ({
  amountMinor: row.amount_minor ?? 0,
  points: row.points,
  refundedMinor: row.refunded_minor,
  refundedPoints: row.refunded_points,
});

/** What comes back of a sale by what the till says; a refusal where that cannot be. */
function backOf(sale: store.AccrualRow, lines: readonly store.LineRow[], goods: RefundBody['goods']): Refused<Back> {
  if (goods === 'all') return restOf(sale, lines);
  if ('lines' in goods) return backOfLines(lines, goods.lines);
  if ('points' in goods) {
    if (sale.amount_minor !== null) return wrongGoods('This sale has an amount: say which amount came back.');
    const left = sale.points - sale.refunded_points;
    return goods.points > left ? tooMuch(left) : ok({ amountMinor: 0, points: goods.points, lines: [] });
  }
  if (sale.amount_minor === null) return wrongGoods('The points of this sale were typed: say how many come back.');
  if (lines.length > 0) return wrongGoods('This sale has lines: say what of which line came back.');
  const left = sale.amount_minor - sale.refunded_minor;
  if (goods.amountMinor > left) return tooMuch(left);
  const points = pointsBack(returnable(sale), goods.amountMinor);
  return ok({ amountMinor: goods.amountMinor, points, lines: [] });
}

function restOf(sale: store.AccrualRow, lines: readonly store.LineRow[]): Refused<Back> {
  const amountMinor = (sale.amount_minor ?? 0) - sale.refunded_minor;
  const points = sale.points - sale.refunded_points;
  if (amountMinor === 0 && points === 0) return tooMuch(0);
  const back = lines
    .map((row) => ({
      line: row.line,
      amountMinor: row.amount_minor - row.refunded_minor,
      points: row.points - row.refunded_points,
    }))
    .filter((line) => line.amountMinor > 0 || line.points > 0);
  return ok({ amountMinor, points, lines: back });
}

function backOfLines(
  lines: readonly store.LineRow[],
  wanted: readonly { readonly line: number; readonly amountMinor: number }[],
): Refused<Back> {
  const back: BackLine[] = [];
  for (const { line, amountMinor } of wanted) {
    const row = lines.find((each) => each.line === line);
    if (!row) return wrongGoods(`This sale has no line ${String(line)}.`);
    const left = row.amount_minor - row.refunded_minor;
    const isSpent = left === 0 && row.points === row.refunded_points;
    if (amountMinor > left || isSpent) return tooMuch(left);
    back.push({ line, amountMinor, points: pointsBack(returnable(row), amountMinor) });
  }
  return ok({
    amountMinor: sum(back.map((each) => each.amountMinor)),
    points: sum(back.map((each) => each.points)),
    lines: back,
  });
}
