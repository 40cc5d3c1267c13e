import { newUlid } from '@tessera/shared/ids/ulid';
import { Clearing } from '@tessera/server/features/clearing/index';
import { expect } from 'chai';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type RunningServer } from '../support/server.ts';
import { addPerson, agree, goldenRate, inCommand, moneyOf } from './support/money.ts';

/** Ids and events of the golden case, told to clearing as the points ledger tells them. */
class Golden {
  readonly clearing = new Clearing();
  readonly #server: RunningServer;
  readonly memberId: string;
  readonly lots = { a: '', b: '' };
  readonly sale = this.id();

  constructor(server: RunningServer, memberId: string) {
    this.#server = server;
    this.memberId = memberId;
  }

  id(): string {
    return newUlid({ nowMs: () => 0 }, { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) });
  }

  async issue(issuer: string, points: number, accrualId = this.id()): Promise<string> {
    const lotId = this.id();
    const event = { transactionId: this.id(), memberId: this.memberId, lotId, issuer, points, accrualId };
    await inCommand(this.#server, (tx) => this.clearing.issued(tx, event));
    return lotId;
  }

  async burn(
    step: 'burnt' | 'returned',
    burnId: string,
    beneficiary: string,
    parts: readonly { lotId: string; issuer: string; points: number }[],
  ): Promise<void> {
    const event = { transactionId: this.id(), memberId: this.memberId, burnId, beneficiary, parts };
    await inCommand(this.#server, (tx) => this.clearing[step](tx, event));
  }
}

describe('the golden case of clearing', () => {
  let server: RunningServer;
  let person: string;
  beforeEach(async () => {
    server = await runServer();
    person = await addPerson(server, 'second');
  });
  afterEach(() => server.stop());

  it('comes out to the cent, step by step', async () => {
    await agree(server, person, goldenRate);
    const [a, b, c] = await Promise.all(
      ['A', 'B', 'C'].map(async (name) => (await openMerchant(server, name)).merchantId),
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error('three merchants');
    const golden = new Golden(server, await addMember(server));
    const { memberId } = golden;
    const step = async (): Promise<object> => {
      const money = await moneyOf(server);
      const held = (account: string, party = 'operator') => money[`${account} ${party} EUR`] ?? 0;
      const clearing = (party: string) => held('merchant:clearing', party);
      const fund = held('points_fund', a) + held('points_fund', b) + held('points_fund', c);
      const { fee, breakage } = { fee: held('fee_income'), breakage: held('breakage_income') };
      return { a: clearing(a), b: clearing(b), c: clearing(c), fund, fee, breakage };
    };

    const sale = golden.id();
    const lotA = await golden.issue(a, 10_000, sale);
    expect(await step()).to.deep.equal({ a: -12_000, b: 0, c: 0, fund: 10_000, fee: 2_000, breakage: 0 });
    const lotB = await golden.issue(b, 4_000);
    expect(await step()).to.deep.equal({ a: -12_000, b: -4_800, c: 0, fund: 14_000, fee: 2_800, breakage: 0 });
    const third = golden.id();
    await golden.burn('burnt', third, c, [
      { lotId: lotA, issuer: a, points: 5_000 },
      { lotId: lotB, issuer: b, points: 1_000 },
    ]);
    expect(await step()).to.deep.equal({ a: -12_000, b: -4_800, c: 5_700, fund: 8_000, fee: 3_100, breakage: 0 });
    await golden.burn('burnt', golden.id(), a, [{ lotId: lotB, issuer: b, points: 2_000 }]);
    expect(await step()).to.deep.equal({ a: -10_100, b: -4_800, c: 5_700, fund: 6_000, fee: 3_200, breakage: 0 });
    await inCommand(server, (tx) =>
      golden.clearing.clawedBack(tx, {
        transactionId: golden.id(),
        memberId,
        accrualId: sale,
        issuer: a,
        points: 1_000,
        parts: [{ lotId: lotA, issuer: a, points: 1_000 }],
      }),
    );
    expect(await step()).to.deep.equal({ a: -8_900, b: -4_800, c: 5_700, fund: 5_000, fee: 3_000, breakage: 0 });
    await golden.burn('returned', third, c, [{ lotId: lotA, issuer: a, points: 500 }]);
    expect(await step()).to.deep.equal({ a: -8_900, b: -4_800, c: 5_225, fund: 5_500, fee: 2_975, breakage: 0 });
    await inCommand(server, (tx) =>
      golden.clearing.expired(tx, { transactionId: golden.id(), memberId, lotId: lotA, issuer: a, points: 800 }),
    );
    expect(await step()).to.deep.equal({ a: -8_500, b: -4_800, c: 5_225, fund: 4_700, fee: 2_975, breakage: 400 });
    await agree(server, person, { action: 'set_fee', party: c, amountMinor: 500, fromMonth: '2026-01' });
    await server.must('POST', '/v1/clearing/fee-charges', { token: server.operator });
    await server.must('POST', '/v1/clearing/fee-charges', { token: server.operator });
    expect(await step()).to.deep.equal({ a: -8_500, b: -4_800, c: 4_725, fund: 4_700, fee: 3_475, breakage: 400 });

    const funded = (await server.must('GET', '/v1/clearing/balances', { token: server.operator })).items as unknown as {
      account: string;
      party: string;
      points: number;
    }[];
    const points = (party: string) =>
      funded.find((row) => row.account === 'points_fund' && row.party === party)?.points;
    expect([points(a), points(b)]).to.deep.equal([3_700, 1_000]);
  });
});
