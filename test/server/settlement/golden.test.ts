import { expect } from 'chai';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type RunningServer } from '../support/server.ts';
import {
  addPerson,
  agree,
  calculated,
  goldenRate,
  inCommand,
  moneyOf,
  type RunBody,
} from '../clearing/support/money.ts';

const DAY_MS = 86_400_000;

/** The golden case through the doors of the API: tills that give and take points, staff that settle. */
class Alliance {
  readonly #server: RunningServer;
  #sales = 0;

  constructor(server: RunningServer) {
    this.#server = server;
  }

  /** A sale of a merchant whose points then live so many days. */
  async sale(till: { merchantId: string; token: string }, memberId: string, points: number, days: number) {
    this.#sales += 1;
    await this.#server.must('PATCH', `/v1/merchants/${till.merchantId}`, {
      token: this.#server.operator,
      body: { pointsValidDays: days },
    });
    const body = { member: { memberId }, reference: `R-${String(this.#sales)}`, points };
    return this.#server.must('POST', '/v1/accruals', { token: till.token, body });
  }

  /** Points as payment at a counter, held and captured. */
  async pay(till: { token: string }, memberId: string, points: number): Promise<string> {
    this.#sales += 1;
    const body = { approval: { memberId, pin: '2468' }, points, reference: `P-${String(this.#sales)}` };
    const { paymentId } = (await this.#server.must('POST', '/v1/payments', {
      token: till.token,
      body,
    })) as unknown as { paymentId: string };
    await this.#server.must('POST', `/v1/payments/${paymentId}/capture`, { token: till.token, body: {} });
    return paymentId;
  }
}

describe('the golden case through the API', function () {
  this.timeout(60_000);
  let server: RunningServer;
  let person: string;
  beforeEach(async () => {
    server = await runServer();
    person = await addPerson(server, 'second');
  });
  afterEach(() => server.stop());

  it('is earned, burnt, given back, expired, settled and paid to the cent', async () => {
    const token = server.operator;
    await agree(server, person, goldenRate);
    const [a, b, c] = [
      await openMerchant(server, 'A'),
      await openMerchant(server, 'B'),
      await openMerchant(server, 'C'),
    ];
    const memberId = await addMember(server);
    const other = await addMember(server, 'Li Na');
    const alliance = new Alliance(server);

    await alliance.sale(a, memberId, 5_000, 100);
    const sale = await alliance.sale(a, memberId, 1_000, 300);
    await alliance.sale(a, memberId, 3_200, 300);
    await alliance.sale(a, other, 800, 10);
    await alliance.sale(b, memberId, 1_000, 50);
    await alliance.sale(b, memberId, 3_000, 200);
    const third = await alliance.pay(c, memberId, 6_000);
    await alliance.pay(a, memberId, 2_000);
    const { ledger } = server.server;
    const { accrualId } = sale as unknown as { accrualId: string };
    const back = { reference: 'G-1', reason: 'the cake was stale', goods: { points: 1_000 } };
    await server.must('POST', `/v1/accruals/${accrualId}/refunds`, { token: a.token, body: back });
    const refund = { token: c.token, body: { points: 500, reason: 'one cup was cold' } };
    await server.must('POST', `/v1/payments/${third}/refunds`, refund);
    server.clock.pass(11 * DAY_MS);
    await inCommand(server, (tx) => ledger.expire(tx, 100));
    // Nobody stays signed in for eleven days.
    person = await addPerson(server, 'third');
    await agree(server, person, { action: 'set_fee', party: c.merchantId, amountMinor: 500, fromMonth: '2026-01' });
    await server.must('POST', '/v1/clearing/fee-charges', { token });
    expect(await moneyOf(server)).to.deep.equal({
      [`merchant:clearing ${a.merchantId} EUR`]: -8_500,
      [`merchant:clearing ${b.merchantId} EUR`]: -4_800,
      [`merchant:clearing ${c.merchantId} EUR`]: 4_725,
      [`points_fund ${a.merchantId} EUR`]: 3_700,
      [`points_fund ${b.merchantId} EUR`]: 1_000,
      'fee_income operator EUR': 3_475,
      'breakage_income operator EUR': 400,
    });
    expect(await server.must('GET', '/v1/check', { token })).to.deep.include({ ok: true });

    const { runId } = await server.must('POST', '/v1/settlement-runs', { token });
    await server.must('POST', `/v1/settlement-runs/${runId}/cutoff`, { token, body: {} });
    const run = await calculated(server, runId);
    const nets = new Map(run.nets.map((net) => [net.party, net.payableMinor]));
    expect([a, b, c].map((each) => nets.get(each.merchantId))).to.deep.equal([-8_500, -4_800, 4_725]);
    await server.must('POST', `/v1/settlement-runs/${runId}/approval`, { token: person });
    await server.must('POST', `/v1/settlement-runs/${runId}/posting`, { token });
    for (const [index, net] of run.nets.entries()) {
      const body = {
        party: net.party,
        currency: 'EUR',
        amountMinor: net.payableMinor,
        reference: `bank-${String(index)}`,
      };
      await server.must('POST', `/v1/settlement-runs/${runId}/payments`, { token, body });
    }
    const paid = (await server.must('GET', `/v1/settlement-runs/${runId}`, { token })) as unknown as RunBody;
    expect(paid.state).to.equal('paid');
    expect(await moneyOf(server)).to.deep.equal({
      'bank operator EUR': -8_575,
      [`points_fund ${a.merchantId} EUR`]: 3_700,
      [`points_fund ${b.merchantId} EUR`]: 1_000,
      'fee_income operator EUR': 3_475,
      'breakage_income operator EUR': 400,
    });
    expect(await server.must('GET', '/v1/check', { token })).to.deep.include({ ok: true });
    const flows = (await server.must('GET', '/v1/clearing/flows?from=0&until=9999999999999', { token })).items;
    expect(flows).to.have.deep.members([
      { issuer: a.merchantId, redeemer: c.merchantId, currency: 'EUR', points: 4_500, paidMinor: 4_500 },
      { issuer: b.merchantId, redeemer: c.merchantId, currency: 'EUR', points: 1_000, paidMinor: 1_000 },
      { issuer: b.merchantId, redeemer: a.merchantId, currency: 'EUR', points: 2_000, paidMinor: 2_000 },
    ]);
  });
});
