import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import {
  qualifyingPoints,
  type DecidedSale,
  type Earning,
  type Pending,
  type RuleVersion,
  type Sale,
} from '../earning/index.ts';
import type { Credentials } from '../identity/index.ts';
import { lifeOf, type Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';
import { expiryOf, type Merchants } from '../merchants/index.ts';
import type { Tiers } from '../tiers/index.ts';
import { contentOf, saleOf, soldAtOf, type SoldWhen } from './sale.ts';
import type { AccrueBody, DryRunSale } from './schemas.ts';
import * as store from './store.ts';

const DAY_MS = 24 * 3_600_000;

/** The till that records a sale. */
export interface Till {
  readonly merchantId: string;
  readonly branchId: string | null;
  readonly terminalId: string | null;
}

export interface Accrued {
  readonly row: store.NewAccrual;
  readonly maskedName: string;
  readonly available: number;
}

/** What a till that repeats itself hears of a sale. */
export interface AccruedOnce extends Omit<Accrued, 'maskedName'> {
  readonly repeated: boolean;
}

export interface AccrualParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly members: Members;
  readonly merchants: Merchants;
  readonly credentials: Credentials;
  readonly ledger: Ledger;
  readonly earning: Earning;
  readonly tiers: Tiers;
}

type Merchant = NonNullable<Awaited<ReturnType<Merchants['find']>>>;
type Member = NonNullable<Awaited<ReturnType<Members['glance']>>>;

/** A sale that will be recorded: all that could refuse it has been asked. */
interface Settled {
  readonly merchant: Merchant;
  readonly till: Till;
  readonly member: Member;
  readonly body: AccrueBody;
  readonly sale: Sale;
  readonly soldAt: number;
  readonly decided: DecidedSale;
}

/** Sales at a till: points, visits and spend, in one step. */
export class Accruals {
  readonly #parts: AccrualParts;

  constructor(parts: AccrualParts) {
    this.#parts = parts;
  }

  /** Records a sale and issues its points. A reference that the merchant has used before is a `conflict`. */
  async accrue(tx: Tx, till: Till, body: AccrueBody, sold: SoldWhen = 'lately'): Promise<Refused<Accrued>> {
    const merchant = await this.#activeMerchant(tx.db, till.merchantId);
    if (!merchant.ok) return merchant;
    if (merchant.value.issuing_suspended_at !== null) return err(problem('issuing_suspended'));
    const soldAt = soldAtOf(body, tx.at, sold);
    return soldAt.ok ? this.#sell(tx, { merchant: merchant.value, till, body, soldAt: soldAt.value }) : soldAt;
  }

  /** The same for a till that sends a sale again until it hears of it: the very sale that was recorded before is told again. */
  async accrueOnce(tx: Tx, till: Till, body: AccrueBody, sold: SoldWhen = 'lately'): Promise<Refused<AccruedOnce>> {
    const done = await this.accrue(tx, till, body, sold);
    if (done.ok) return ok({ ...done.value, repeated: false });
    const [row] = await store.accrualByReference(tx.db, { merchantId: till.merchantId, reference: body.reference });
    if (!row) return done;
    if (row.content !== contentOf(body)) return err(usedBefore);
    const { available } = await this.#parts.ledger.balancesOf(tx.db, row.member_id);
    return ok({ row, available, repeated: true });
  }

  /** Sales by their ids, in no order. */
  async byIds(db: Db, ids: readonly string[]): Promise<store.AccrualRow[]> {
    return ids.length === 0 ? [] : store.accrualsByIds(db, ids);
  }

  /** What a sale would earn now; changes nothing. `drafts` are rules that do not exist yet. */
  async dryRun(
    db: Db,
    ask: { merchantId: string; sale: DryRunSale; now: number; drafts: readonly RuleVersion[] },
  ): Promise<Refused<DecidedSale>> {
    const merchant = await this.#parts.merchants.find(db, ask.merchantId);
    if (!merchant) return err(problem('not_found'));
    const member = await this.#parts.members.glance(db, ask.sale.member.memberId);
    if (!member) return err(problem('credential_refused'));
    const sale = saleOf(ask.sale, merchant.currency);
    if (!sale.ok) return sale;
    return this.#decide(db, { merchant, member, sale: sale.value, soldAt: ask.sale.soldAt ?? ask.now }, ask.drafts);
  }

  async #activeMerchant(db: Db, merchantId: string): Promise<Refused<Merchant>> {
    const merchant = await this.#parts.merchants.find(db, merchantId);
    if (merchant?.state !== 'active') return err(problem('forbidden', { detail: 'This merchant is not active.' }));
    return merchant.issuing_suspended_at === null ? ok(merchant) : err(problem('issuing_suspended'));
  }

  async #sell(tx: Tx, asked: Pick<Settled, 'merchant' | 'till' | 'body' | 'soldAt'>): Promise<Refused<Accrued>> {
    const sale = saleOf(asked.body, asked.merchant.currency);
    if (!sale.ok) return sale;
    const member = await this.#memberOf(tx, asked.body.member);
    if (!member.ok) return member;
    const known = { ...asked, member: member.value, sale: sale.value };
    const decided = await this.#decide(tx.db, known);
    return decided.ok ? this.#record(tx, { ...known, decided: decided.value }) : decided;
  }

  #decide(
    db: Db,
    { merchant, member, sale, soldAt }: Pick<Settled, 'merchant' | 'member' | 'sale' | 'soldAt'>,
    drafts: readonly RuleVersion[] = [],
  ): Promise<Refused<DecidedSale>> {
    const about = {
      merchantId: merchant.merchant_id,
      memberId: member.memberId,
      soldAt,
      timeZone: merchant.time_zone,
      industryId: merchant.industry_id,
      rate: { points: merchant.rate_points, perMinor: merchant.rate_per_minor },
      birthday: member.birthday,
    };
    return this.#parts.earning.decide(db, sale, about, drafts);
  }

  /** By number, or by QR: a code is used up here as at a kiosk. */
  async #memberOf(tx: Tx, named: AccrueBody['member']): Promise<Refused<Member>> {
    const { credentials, members } = this.#parts;
    const taken = 'qr' in named ? await credentials.take(tx, named.qr) : ok({ ...named, repeat: false });
    if (!taken.ok) return taken;
    if (taken.value.repeat) return err(problem('credential_refused'));
    const member = await members.glance(tx.db, taken.value.memberId);
    if (!member) return err(problem('credential_refused'));
    return member.status === 'active' ? ok(member) : err(problem('member_suspended'));
  }

  async #record(tx: Tx, settled: Settled): Promise<Refused<Accrued>> {
    const { earning, members, tiers, audit } = this.#parts;
    const { member, decided, soldAt, merchant } = settled;
    const qualifying = qualifyingPoints(decided.decision);
    const row = this.#rowOf(tx, settled, qualifying);
    const [inserted] = await store.insertAccrual(tx.db, row);
    if (!inserted) return err(usedBefore);
    await earning.claim(tx, member.memberId, soldAt, decided.claims);
    await this.#recordLines(tx, row.accrual_id, settled);
    const available = await this.#issue(tx, merchant, row, decided);
    await members.recordVisit(tx, {
      merchantId: merchant.merchant_id,
      memberId: member.memberId,
      currency: row.currency ?? '',
      spendMinor: row.amount_minor ?? 0,
      points: row.points,
    });
    const counted = { memberId: member.memberId, accrualId: row.accrual_id, soldAt, points: qualifying };
    await tiers.sold(tx, counted, decided.revision);
    const facts = { memberId: member.memberId, points: row.points };
    await audit.write(tx, 'accrual.recorded', `accrual:${row.accrual_id}`, facts);
    return ok({ row, maskedName: member.maskedName, available });
  }

  #rowOf(
    tx: Tx,
    { till, member, body, sale, decided, soldAt, merchant }: Settled,
    qualifying: number,
  ): store.NewAccrual {
    const { chance } = this.#parts;
    const amount = 'amountMinor' in sale ? sale.amountMinor : null;
    return {
      accrual_id: newUlid({ nowMs: () => tx.at }, chance),
      merchant_id: till.merchantId,
      branch_id: till.branchId,
      terminal_id: till.terminalId,
      member_id: member.memberId,
      reference: body.reference,
      amount_minor: amount,
      currency: amount === null ? null : merchant.currency,
      points: decided.decision.points,
      decision: JSON.stringify(decided.decision),
      operator_points: decided.lots.find(({ issuer }) => issuer === 'operator')?.points ?? 0,
      qualifying_points: qualifying,
      sold_at: soldAt,
      content: contentOf(body),
      created_at: tx.at,
    };
  }

  async #recordLines(tx: Tx, accrualId: string, { sale, decided }: Settled): Promise<void> {
    if ('points' in sale) return;
    for (const [index, { product, category, amountMinor }] of sale.lines.entries()) {
      const points = decided.linePoints[index] ?? 0;
      const line = { accrual_id: accrualId, line: index + 1, product, category, amount_minor: amountMinor, points };
      await store.insertLine(tx.db, line);
    }
  }

  /** A sale below the rate's first step earns nothing and is recorded all the same: it is a visit. */
  async #issue(tx: Tx, merchant: Merchant, row: store.NewAccrual, { lots }: DecidedSale): Promise<number> {
    const { ledger } = this.#parts;
    const life = lifeOf(expiryOf(merchant), tx.at);
    let available: number | undefined;
    for (const { issuer, points, by, pending } of lots) {
      const earned = await ledger.earn(tx, {
        memberId: row.member_id,
        issuer: issuer === 'merchant' ? merchant.merchant_id : null,
        rule: by.join(','),
        points,
        ...life,
        ...(pending === null ? {} : { pending: waitingFor(pending, tx.at) }),
        accrualId: row.accrual_id,
        reason: 'sale',
      });
      available = earned.available;
    }
    return available ?? (await ledger.balancesOf(tx.db, row.member_id)).available;
  }
}

/** When the ledger makes points available that a rule keeps back. */
function waitingFor(pending: Pending, now: number): { readonly until?: number; readonly event?: string } {
  if ('event' in pending) return { event: pending.event };
  return { until: 'until' in pending ? pending.until : now + pending.days * DAY_MS };
}

const usedBefore = problem('conflict', { detail: 'This reference has been used for another sale.' });
