import { expect } from 'chai';
import { rollUp } from '@tessera/server/features/clearing/balances';
import { inCommand } from '../clearing/support/money.ts';
import { brokenIn, checkAfter } from '../support/tampering.ts';
import { Town } from './support.ts';

/** One tampering with the money, and the promise that it breaks. */
const tamperings: readonly (readonly [breaks: string, statement: string])[] = [
  ['money-sums-to-zero', `update money_postings set amount = amount + 1 where account = 'fee_income'`],
  ['money-sums-to-zero', `update money_postings set rest = rest + 1 where account = 'fee_income'`],
  ['money-balances-equal-postings', `update money_balances set amount = amount + 1`],
  ['points-are-funded', `update money_postings set amount = amount - 1 where account = 'points_fund'`],
  ['points-are-funded', `update clearing_rates set face_micro = face_micro + 1`],
  ['points-are-funded', `update point_lots set remaining = remaining + 1`],
  ['debts-are-lent', `insert into clearing_debts select member_id, issuer, rate_id, 1 from clearing_lots limit 1`],
  ['money-takes-two', `update money_proposals set decided_by = proposed_by`],
  ['money-takes-two', `update money_proposals set state = 'rejected' where action = 'set_rate'`],
  ['runs-follow-on', `update settlement_runs set from_posting = from_posting - 1 where number = 2`],
  ['lines-are-settled-once', `update settlement_runs set from_posting = 0 where number = 2`],
  ['lines-are-settled-once', `update settlement_nets set net_minor = net_minor + 1`],
  ['posted-runs-are-booked', `delete from money_postings where kind = 'settle'`],
  ['open-payments-are-payable', `update settlement_nets set paid_minor = paid_minor + 1 where state = 'open'`],
  ['suspense-is-disputed', `update money_disputes set state = 'rejected'`],
  ['settlement-takes-two', `update settlement_runs set approved_by = cutoff_by`],
];

describe('the check of money', function () {
  this.timeout(60_000);
  let town: Town;
  let books: string;

  before(async () => {
    town = await Town.open();
    const { a, b } = town;
    await town.sale(a, 1_000);
    await town.pay(b, 300);
    const { runId } = await town.settle();
    const { text } = await town.ask('GET', `/v1/settlement-runs/${runId}/statements/${a.merchantId}/EUR/json`);
    const [line] = (JSON.parse(text) as { items: { postingId: number }[] }).items;
    await town.must('POST', '/v1/money-disputes', { postingId: line?.postingId, reason: 'test' });
    await town.sale(a, 100);
    await town.settle();
    await inCommand(town.server, rollUp);
    await town.expectSound();
    books = await town.server.rest();
  });
  after(() => town.server.stop());

  it('finds nothing on sound books', async () => {
    expect(brokenIn(await checkAfter(books, 'select 1'))).to.deep.equal([]);
  });

  for (const [breaks, statement] of tamperings) {
    it(`finds “${breaks}” broken after: ${statement}`, async () => {
      expect(brokenIn(await checkAfter(books, statement))).to.include(breaks);
    });
  }
});
