import { tierRules } from '@tessera/server/features/check/tier-rules';
import { expect } from 'chai';
import { engine } from '../support/engine.ts';
import { brokenIn, checkAfter, nestedReads } from '../support/tampering.ts';
import { Club } from './club.ts';

/** One tampering with tiers, and the promise that it breaks. */
const tamperings: readonly (readonly [breaks: string, statement: string])[] = [
  ['qualifying-equals-sales', `update tier_postings set points = points + 1 where line = 1`],
  ['qualifying-equals-sales', `delete from tier_postings where line = 2`],
  ['qualifying-equals-sales', `delete from tier_postings`],
  ['qualifying-equals-sales', `update accruals set refunded_points = 0`],
  ['qualifying-equals-sales', `update accruals set qualifying_points = points - 1`],
  ['standings-equal-qualifying', `update tier_standings set points = points + 1`],
  ['standings-equal-qualifying', `update tier_postings set day = day - 1000`],
  ['tiers-are-deserved', `update tier_standings set level = 2, code = 'gold'`],
  ['tiers-are-deserved', `update tier_standings set level = 0, code = null`],
  ['tiers-are-deserved', `update tier_standings set code = 'gold'`],
  ['tiers-are-deserved', `update tier_standings set grace_until = counted_on`],
  ['tiers-are-deserved', `update tiers set points = points + 1000`],
  ['tiers-follow-their-changes', `update tier_changes set from_code = 'gold' where seq = 1`],
  ['tiers-follow-their-changes', `update tier_changes set seq = 30 where seq = 2`],
  ['tiers-follow-their-changes', `delete from tier_changes`],
  ['tiers-follow-their-changes', `update tier_standings set changes = changes - 1`],
];

describe('the check of tiers', function () {
  this.timeout(60_000);
  let club: Club;
  let books: string;

  before(async () => {
    club = await Club.open();
    await club.publish();
    const { accrualId } = await club.buy(51);
    await club.giveBack(accrualId, { amountMinor: 1050 });
    await club.buy(300);
    await club.pass(30);
    await club.buy(150);
    await club.pass(10);
    await club.expectSound();
    books = await club.server.rest();
  });
  after(() => club.server.stop());

  it('finds nothing on sound books', async () => {
    expect(brokenIn(await checkAfter(books, 'select 1'))).to.deep.equal([]);
  });

  for (const [breaks, statement] of tamperings) {
    it(`finds “${breaks}” broken after: ${statement}`, async () => {
      expect(brokenIn(await checkAfter(books, statement))).to.include(breaks);
    });
  }

  for (const { name, breaches } of engine === 'sqlite' ? tierRules : []) {
    it(`reads no whole table for each row of another: ${name}`, async () => {
      for (const detail of await nestedReads(books, breaches)) expect(detail).not.to.match(/^SCAN /);
    });
  }
});
