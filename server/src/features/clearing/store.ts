import { sql, type Selectable } from 'kysely';
import type {
  ClearingLotsTable,
  ClearingRatesTable,
  MoneyKind,
  MoneyPostingsTable,
} from '../../platform/database/schema/clearing.ts';
import { statement } from '../../platform/database/statement.ts';

export type RateRow = Selectable<ClearingRatesTable>;

/** The rate that holds for an issuer in its currency at a time: its own before everybody's, the newest first. */
export const rateAt = statement((db, p: { party: string; at: number }) =>
  db
    .selectFrom('clearing_rates')
    .selectAll()
    .where('party', 'in', [p.party, '*'])
    .where('valid_from', '<=', p.at)
    .where('currency', 'in', (eb) =>
      eb
        .selectFrom('merchants')
        .select('currency')
        .where('merchant_id', '=', p.party)
        .unionAll(eb.selectFrom('clearing_parties').select('currency').where('party', '=', p.party)),
    )
    .orderBy((eb) => eb.case().when('party', '=', eb.val('*')).then(eb.lit(1)).else(eb.lit(0)).end())
    .orderBy('valid_from', 'desc')
    .orderBy('rate_id', 'desc')
    .limit(sql.lit(1)),
);

/** The rate of a lot, and the sale that it belongs to. */
export const rateOfLot = statement((db, p: { memberId: string; lotId: string }) =>
  db
    .selectFrom('clearing_lots as lot')
    .innerJoin('clearing_rates as rate', 'rate.rate_id', 'lot.rate_id')
    .selectAll('rate')
    .select(['lot.subject', 'lot.issuer'])
    .where('lot.member_id', '=', p.memberId)
    .where('lot.lot_id', '=', p.lotId),
);

/** The rate at which an issuer gave its lots of a sale: one, whoever else gave some. */
export const rateOfSubject = statement((db, p: { memberId: string; subject: string; issuer: string }) =>
  db
    .selectFrom('clearing_lots as lot')
    .innerJoin('clearing_rates as rate', 'rate.rate_id', 'lot.rate_id')
    .selectAll('rate')
    .where('lot.member_id', '=', p.memberId)
    .where('lot.subject', '=', p.subject)
    .where('lot.issuer', '=', p.issuer)
    .limit(sql.lit(1)),
);

export const insertClearingLot = statement((db, p: ClearingLotsTable) =>
  db.insertInto('clearing_lots').values({
    member_id: p.member_id,
    lot_id: p.lot_id,
    issuer: p.issuer,
    subject: p.subject,
    rate_id: p.rate_id,
  }),
);

/** What has been booked for a subject, place by place. */
export const standingOf = statement((db, p: { subject: string }) =>
  db
    .selectFrom('money_postings')
    .select((eb) => [
      'account',
      'party',
      'currency',
      eb.fn.sum<number>('amount').as('amount'),
      eb.fn.sum<number>('rest').as('rest'),
    ])
    .where('subject', '=', p.subject)
    .groupBy(['account', 'party', 'currency']),
);

export type NewPosting = Omit<MoneyPostingsTable, 'posting_id'>;

export const insertPosting = statement((db, p: NewPosting) =>
  db.insertInto('money_postings').values({
    transaction_id: p.transaction_id,
    kind: p.kind,
    account: p.account,
    party: p.party,
    currency: p.currency,
    counterparty: p.counterparty,
    amount: p.amount,
    rest: p.rest,
    points: p.points,
    subject: p.subject,
    run_id: p.run_id,
    at: p.at,
  }),
);

interface Debt {
  readonly memberId: string;
  readonly issuer: string;
  readonly rateId: string;
  readonly points: number;
}

/** Points that funds have lent a member or keep for it, the oldest rate first. */
export const debtsOf = statement((db, p: { memberId: string }) =>
  db
    .selectFrom('clearing_debts as debt')
    .innerJoin('clearing_rates as rate', 'rate.rate_id', 'debt.rate_id')
    .selectAll('rate')
    .select(['debt.points', 'debt.issuer'])
    .where('debt.member_id', '=', p.memberId)
    .where((eb) => eb('debt.points', '<>', eb.lit(0)))
    .orderBy('debt.rate_id')
    .orderBy('debt.issuer'),
);

export const addDebt = statement((db, p: Debt) =>
  db
    .insertInto('clearing_debts')
    .values({ member_id: p.memberId, issuer: p.issuer, rate_id: p.rateId, points: p.points })
    .onConflict((conflict) =>
      conflict
        .columns(['member_id', 'issuer', 'rate_id'])
        .doUpdateSet((eb) => ({ points: eb('clearing_debts.points', '+', eb.ref('excluded.points')) })),
    ),
);

/** What a transaction is about. */
export interface MoneyEvent {
  readonly transactionId: string;
  readonly kind: MoneyKind;
  readonly subject: string;
  readonly runId?: string;
}
