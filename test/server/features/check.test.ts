import { expect } from 'chai';
import { ledgerRules } from '@tessera/server/features/check/ledger-rules';
import { redemptionRules } from '@tessera/server/features/check/redemption-rules';
import { stockRules } from '@tessera/server/features/check/stock-rules';
import { join } from 'node:path';
import { engine } from '../support/engine.ts';
import { checkAfter, nestedReads } from '../support/tampering.ts';
import { openAlliance, signInFirst, vend, type Alliance } from '../support/alliance.ts';

/** One tampering with the books, and the promise that it breaks. */
const tamperings: readonly (readonly [breaks: string, statement: string])[] = [
  ['transactions-sum-to-zero', `update point_postings set points = points + 1 where account = 'issuance'`],
  ['balances-equal-postings', `update balances set available = available + 1`],
  ['available-equals-lots', `update point_lots set remaining = remaining - 1 where remaining > 0`],
  ['lots-equal-postings', `update point_lots set remaining = remaining - 1 where remaining > 0`],
  ['held-equals-open-holds', `update redemptions set price = price + 1 where state = 'in_doubt'`],
  ['held-equals-open-holds', `update holds set points = points + 1 where state = 'open'`],
  ['burns-equal-captures', `update holds set captured = captured - 1 where state = 'captured'`],
  ['transfers-arrive', `update point_postings set account = 'transferred' where account = 'redeemed'`],
  ['adjusted-by-two', `update point_transactions set kind = 'adjust' where kind = 'capture'`],
  ['lots-cover-their-holds', `update hold_lots set points = points + 1000000`],
  ['timeline-is-the-state', `delete from redemption_events where event = 'vending'`],
  ['timeline-is-the-state', `update redemptions set state = 'released' where state = 'captured'`],
  ['captured-on-proof', `update redemption_events set event = 'silence' where to_state = 'captured'`],
  ['released-on-proof', `update redemption_events set event = 'doubt_due' where to_state = 'released'`],
  ['two-staff-are-two', `update redemption_events set event = 'staff_released' where to_state = 'released'`],
  ['points-follow-the-state', `update redemptions set state = 'captured' where state = 'released'`],
  ['campaigns-are-counted', `insert into campaigns values ('c', 'Spring', null, null, null, 1, 300, 0, 0)`],
  ['payments-follow-holds', `update holds set purpose = 'payment' where state = 'captured'`],
  ['limits-are-counted', `update reward_uses set taken = taken + 1`],
  ['stock-equals-movements', `update kiosk_slots set on_hand = on_hand + 1 where slot = 1`],
  ['movements-follow-on', `update stock_movements set on_hand_after = on_hand_after + 1 where kind = 'load'`],
  ['counts-add-up', `update stock_counts set counted = counted + 1`],
  ['reserved-equals-open', `update kiosk_slots set reserved = reserved + 1`],
  ['drops-equal-captures', `update stock_movements set kind = 'remove' where kind = 'drop'`],
  ['doubt-closes-the-slot', `update kiosk_slots set in_service = 1`],
  ['audit-chain', `update audit set action = 'nothing.happened' where seq = 5`],
  ['audit-chain', `delete from audit where seq = 7`],
];

describe('the check', function () {
  this.timeout(30_000);
  let alliance: Alliance;
  let books: string;

  before(async () => {
    alliance = await openAlliance();
    const kiosk = await alliance.connectKiosk();
    await signInFirst(alliance, kiosk);
    await vend(kiosk, 1, 'dropped');
    await vend(kiosk, 2, 'not_dropped');
    await vend(kiosk, 3, 'unknown');
    const count = await fetch(`${alliance.url}/v1/kiosks/${kiosk.kioskId}/slots/5/counts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${alliance.seeded.admin.token}`,
        'content-type': 'application/json',
        'idempotency-key': kiosk.newId(),
      },
      body: JSON.stringify({ counted: 11 }),
    });
    expect(count.ok).to.equal(true);
    await alliance.stop();
    books = alliance.env['DATABASE_URL'] ?? join(alliance.data, 'server', 'tessera.db');
  });

  after(async () => {
    await alliance.close();
  });

  it('finds nothing on sound books', async () => {
    const report = await checkAfter(books, 'select 1');
    expect(report.checks.filter((one) => one.ok === false)).to.deep.equal([]);
    expect(report).to.include({ ok: true, checkedAt: 1 });
  });

  for (const [breaks, statement] of tamperings) {
    it(`finds “${breaks}” broken after: ${statement}`, async () => {
      const report = await checkAfter(books, statement);
      const found = report.checks.find((one) => one.name === breaks);
      expect(found?.ok, JSON.stringify(report.checks.filter((one) => one.ok === false))).to.equal(false);
      expect(found?.rows).to.not.be.empty;
      expect(report.ok).to.equal(false);
    });
  }

  // Every command waits while the books are checked: a rule that read a whole table again for each row would stop a large alliance.
  // PostgreSQL plans by what it has counted; on tables of three rows that says nothing.
  for (const { name, breaches } of engine === 'sqlite' ? [...ledgerRules, ...redemptionRules, ...stockRules] : []) {
    it(`reads no whole table for each row of another: ${name}`, async () => {
      for (const detail of await nestedReads(books, breaches)) expect(detail).not.to.match(/^SCAN /);
    });
  }
});
