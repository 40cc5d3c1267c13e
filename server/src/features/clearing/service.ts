import type { Tx } from '../../platform/commands/commands.ts';
import type { Burnt, ClawedBack, ClearingPort, HandedOn, Issued, LotMoved, Restored } from '../ledger/index.ts';
import { borrow, note, payBack, takeBackLoan, takeKept } from './debts.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { postLegs } from './money-books.ts';
import { lotTerms, partyOf, termsAt, termsOf } from './rated.ts';
import { burnLegs, expiryLegs, issueLegs, repayLegs } from './rules/legs.ts';
import { paidByOperator, type Portion } from './rules/terms.ts';
import * as store from './store.ts';

/**
 * What points are worth to those who give and take them. Lots that were issued where no rate held are not cleared: they move
 * no money, then or later.
 */
export class Clearing implements ClearingPort {
  /** The issuer pays for its points, or will when they are burnt. */
  async issued(tx: Tx, event: Issued): Promise<void> {
    const { transactionId, memberId, lotId, points } = event;
    const issuer = partyOf(event.issuer);
    const terms = await termsAt(tx, issuer);
    if (terms === undefined) return;
    const subject = event.accrualId ?? lotId;
    await store.insertClearingLot(tx.db, {
      member_id: memberId,
      lot_id: lotId,
      issuer,
      subject,
      rate_id: terms.rateId,
    });
    if (terms.basis === 'on_redeem') return;
    await postLegs(tx, { transactionId, kind: 'issue', subject }, issueLegs({ issuer, terms, points }));
  }

  /** Whoever owns the gift is paid for it. */
  async burnt(tx: Tx, event: Burnt): Promise<void> {
    const { transactionId, burnId: subject } = event;
    const portions = await portionsOf(tx, event, 1, borrow);
    await postLegs(tx, { transactionId, kind: 'burn', subject }, burnLegs(portions, partyOf(event.beneficiary)));
  }

  /** Whoever was paid for the gift gives the money back, at the price that was paid. */
  async returned(tx: Tx, event: Burnt): Promise<void> {
    const { transactionId, burnId: subject } = event;
    const portions = await portionsOf(tx, event, -1, takeBackLoan);
    await postLegs(tx, { transactionId, kind: 'return', subject }, burnLegs(portions, partyOf(event.beneficiary)));
  }

  /** The issuer gets back what it paid for the points of a sale, at the price of that day. */
  async clawedBack(tx: Tx, event: ClawedBack): Promise<void> {
    const { transactionId, memberId, accrualId: subject, points } = event;
    const issuer = partyOf(event.issuer);
    const [rate] = await store.rateOfSubject(tx.db, { memberId, subject, issuer });
    const foreign = await foreignParts(tx, event);
    if (rate === undefined) {
      for (const { portion } of foreign) if (portion) await lapse(tx, transactionId, portion);
      return;
    }
    const sale = { issuer, terms: termsOf(rate) };
    const taken = foreign.reduce((total, part) => total + part.points, 0);
    const reversed = sale.terms.basis === 'on_issue' ? points : taken;
    await postLegs(tx, { transactionId, kind: 'clawback', subject }, issueLegs({ ...sale, points: -reversed }));
    for (const part of foreign) {
      if (part.isOwed) {
        await note(tx, memberId, { ...sale, points: part.points });
      } else {
        const payer = part.portion ?? paidByOperator(sale.terms, part.points);
        await this.#repay(tx, transactionId, payer, sale);
      }
    }
  }

  /** The fund no longer has to cover the points. */
  async expired(tx: Tx, event: LotMoved): Promise<void> {
    const lot = await lotTerms(tx, event.memberId, event.lotId);
    if (lot === undefined) return;
    const portion = { issuer: partyOf(event.issuer), terms: lot.terms, points: event.points };
    const { transactionId, lotId: subject } = event;
    await postLegs(tx, { transactionId, kind: 'expire', subject }, expiryLegs(portion));
  }

  /** Points took the place of those that the member owed: the fund that had lent them is whole again. */
  async repaid(tx: Tx, event: LotMoved): Promise<void> {
    const { transactionId, memberId } = event;
    const lot = await lotTerms(tx, memberId, event.lotId);
    const issuer = partyOf(event.issuer);
    const { taken, left } = await payBack(tx, memberId, event.points);
    for (const { points, ...lent } of taken) {
      const payer = lot ? { issuer, terms: lot.terms, points } : paidByOperator(lent.terms, points);
      await this.#repay(tx, transactionId, payer, lent);
    }
    if (left > 0) await this.#keep(tx, event, lot && { issuer, terms: lot.terms, points: left }, left);
  }

  /** Points paid for what is held and not burnt yet: a fund keeps their money until it is. */
  async #keep(tx: Tx, event: LotMoved, portion: Portion | undefined, points: number): Promise<void> {
    const terms = portion ? portion.terms : await termsAt(tx, OPERATOR);
    if (terms === undefined) return;
    const payer = portion ?? paidByOperator(terms, points);
    if (payer.terms.basis === 'on_redeem') await this.#repay(tx, event.transactionId, payer, payer);
    await note(tx, event.memberId, { ...payer, points: -points });
  }

  /** What had been kept for the member becomes a lot of the operator's. */
  async restored(tx: Tx, { transactionId, memberId, lotId, points }: Restored): Promise<void> {
    const { taken } = await takeKept(tx, memberId, points);
    const terms = await termsAt(tx, OPERATOR);
    if (terms === undefined) return;
    const subject = transactionId;
    for (const part of taken) {
      // A lot that is paid for when it is burnt needs no fund: the operator has the money until then.
      const given = { ...part, terms: { ...part.terms, redeem: part.terms.face } };
      const isFunded = terms.basis === 'on_issue';
      const legs = isFunded ? repayLegs(part, { issuer: OPERATOR, terms }) : burnLegs([given], OPERATOR);
      await postLegs(tx, { transactionId, kind: 'repay', subject }, legs);
    }
    const lot = { member_id: memberId, lot_id: lotId, issuer: OPERATOR, subject: lotId, rate_id: terms.rateId };
    await store.insertClearingLot(tx.db, lot);
  }

  async handedOn(tx: Tx, { from, to }: HandedOn): Promise<void> {
    const [lot] = await store.rateOfLot(tx.db, from);
    if (lot === undefined) return;
    const { issuer, subject, rate_id } = lot;
    await store.insertClearingLot(tx.db, { member_id: to.memberId, lot_id: to.lotId, issuer, subject, rate_id });
  }

  async #repay(tx: Tx, transactionId: string, payer: Portion, lent: Omit<Portion, 'points'>): Promise<void> {
    await postLegs(tx, { transactionId, kind: 'repay', subject: transactionId }, repayLegs(payer, lent));
  }
}

/** Points that went without being burnt for anybody: as if they had expired. */
async function lapse(tx: Tx, transactionId: string, portion: Portion): Promise<void> {
  await postLegs(tx, { transactionId, kind: 'expire', subject: transactionId }, expiryLegs(portion));
}

/** The rated parts of a burn or a return, each at its lot's rate; what was owed is lent by the operator's fund. */
async function portionsOf(tx: Tx, event: Burnt, sign: 1 | -1, loan: typeof borrow): Promise<Portion[]> {
  const portions: Portion[] = [];
  for (const { lotId, issuer, points } of event.parts) {
    if (lotId === null) {
      for (const part of await loan(tx, event.memberId, points)) portions.push({ ...part, points: sign * part.points });
    } else {
      const lot = await lotTerms(tx, event.memberId, lotId);
      if (lot) portions.push({ issuer: partyOf(issuer), terms: lot.terms, points: sign * points });
    }
  }
  return portions;
}

interface ForeignPart {
  readonly points: number;
  readonly isOwed: boolean;
  /** Absent where the points are owed, or come from a lot without a rate. */
  readonly portion?: Portion;
}

/** What a clawback could not take from the lots that its issuer gave for the sale. */
async function foreignParts(tx: Tx, event: ClawedBack): Promise<ForeignPart[]> {
  const foreign: ForeignPart[] = [];
  for (const { lotId, issuer, points } of event.parts) {
    if (lotId === null) {
      foreign.push({ points, isOwed: true });
      continue;
    }
    const lot = await lotTerms(tx, event.memberId, lotId);
    if (lot?.subject === event.accrualId && issuer === event.issuer) continue;
    const portion = lot && { issuer: partyOf(issuer), terms: lot.terms, points };
    foreign.push({ points, isOwed: false, ...(portion ? { portion } : {}) });
  }
  return foreign;
}
