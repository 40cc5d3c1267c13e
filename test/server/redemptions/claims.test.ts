import { randomUUID } from 'node:crypto';
import { checkBooks } from '@tessera/server/features/check/index';
import { newUlid } from '@tessera/shared/ids/ulid';
import { expect } from 'chai';
import { FakeKiosk } from '../support/kiosk.ts';
import { addMember, inAll, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';

const CLAIMS = 1000;
const PRICE = 10;

/** Everybody at once, at the doors of a real server. */
describe('a thousand claims at once', function () {
  this.timeout(120_000);
  let server: RunningServer;
  let kioskId: string;
  let till: string;

  before(async () => {
    // The clock stands still, and with it what one caller may ask for in a second.
    server = await runServer({ limits: { known: { perSecond: 1_000_000, burst: 1_000_000 } } });
    till = (await openMerchant(server)).token;
  });
  after(() => server.stop());
  afterEach(async () => {
    const { checks } = await checkBooks(server.server.foundation.database.db, server.clock.nowMs());
    expect(checks.filter((check) => check.ok === false)).to.deep.equal([]);
  });

  const run = async (work: Parameters<typeof server.server.foundation.commands.run>[0]['work']) => {
    const done = await server.server.foundation.commands.run({ name: 'test', actor: 'admin:a', work });
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    return done.value;
  };

  async function openKiosk(): Promise<string> {
    const { kiosks, stock } = server.server.fleet;
    const { chance } = server.server.foundation;
    const kiosk = new FakeKiosk(server.clock, chance);
    let id = '';
    await run(async (tx) => {
      const made = await kiosks.create(tx, 'Station');
      id = made.kioskId;
      await stock.addSlots(tx, id, 10);
      return kiosks.enrol(tx, made.enrolmentCode, kiosk.publicKey);
    });
    return id;
  }

  /** A reward in a machine of its own, so many in each slot. */
  async function stocked(units: readonly number[], change: object): Promise<string> {
    const body = { name: inAll('Tea'), price: PRICE, ...change };
    const { rewardId } = await server.must('POST', '/v1/rewards', { token: server.operator, body });
    kioskId = await openKiosk();
    const { stock } = server.server.fleet;
    const slots = units.map((_, index) => ({ slot: index + 1, rewardId, capacity: 100 }));
    await run((tx) => stock.setPlanogram(tx, kioskId, slots));
    for (const [index, count] of units.entries())
      await run((tx) => stock.load(tx, { kioskId, slot: index + 1 }, count, 'refill'));
    return rewardId;
  }

  async function richMember(name: string, points: number): Promise<string> {
    const memberId = await addMember(server, name);
    const sale = { member: { memberId }, points, reference: newUlid(server.clock, server.server.foundation.chance) };
    await server.must('POST', '/v1/accruals', { token: till, body: sale });
    return memberId;
  }

  /**
   * Claims until each has a clear answer, each under one key: `overloaded` means later, as Retry-After says, and where a
   * connection broke nobody knows yet.
   */
  async function claimAll(rewardId: string, memberOf: (index: number) => string): Promise<Map<string, number>> {
    const answers = new Map<string, number>();
    const expiresAt = server.clock.nowMs() + 3_600_000;
    const claim = async (memberId: string, key: string): Promise<string> => {
      const body = { kioskId, memberId, rewardId, expiresAt };
      const answer = await server
        .ask('POST', '/v1/pickups', { token: server.operator, body, key })
        .catch(() => undefined);
      const said = answer?.status === 201 ? 'held' : (answer?.body.code ?? 'unheard');
      return ['unheard', 'overloaded', 'in_flight'].includes(said) ? claim(memberId, key) : said;
    };
    await Promise.all(
      Array.from({ length: CLAIMS }, async (_, index) => {
        const said = await claim(memberOf(index), randomUUID());
        answers.set(said, (answers.get(said) ?? 0) + 1);
      }),
    );
    return answers;
  }

  it('give one member one gift where the limit is one', async () => {
    const rewardId = await stocked([100], { perMemberLimit: 1 });
    const memberId = await richMember('Wei Chen', CLAIMS * PRICE);
    const answers = await claimAll(rewardId, () => memberId);
    expect([...answers]).to.have.deep.members([
      ['held', 1],
      ['limit_reached', CLAIMS - 1],
    ]);
  });

  it('give five hundred gifts where there are five hundred', async () => {
    const rewardId = await stocked([100, 100, 100, 100, 100], {});
    const members = await Promise.all(
      Array.from({ length: 10 }, (_, index) => richMember(`Member ${String(index)}`, CLAIMS * PRICE)),
    );
    const answers = await claimAll(rewardId, (index) => members[index % 10] ?? '');
    expect([...answers]).to.have.deep.members([
      ['held', 500],
      ['out_of_stock', 500],
    ]);
  });

  for (const { what, limits, held } of [
    { what: 'gifts', limits: { giftsLimit: 37 }, held: 37 },
    { what: 'points', limits: { pointsBudget: 37 * PRICE + 5 }, held: 37 },
    { what: 'gifts for each member', limits: { perMemberLimit: 2 }, held: 20 },
  ] as const) {
    it(`keep a campaign within its ${what}`, async () => {
      const token = server.operator;
      const campaign = (await server.must('POST', '/v1/campaigns', {
        token,
        body: { name: what, ...limits },
      })) as Body & { readonly campaignId: string };
      const { campaignId } = campaign;
      const rewardId = await stocked([100], { campaignId });
      const { items } = await server.must('GET', '/v1/members', { token });
      const members = items.filter((member) => (member as Body & { name: string }).name.startsWith('Member '));
      const answers = await claimAll(rewardId, (index) => members[index % 10]?.memberId ?? '');
      expect(answers.get('held')).to.equal(held);
      expect(answers.get('limit_reached')).to.equal(CLAIMS - held);
      const given = await server.must('GET', `/v1/campaigns/${campaignId}`, { token });
      expect(given).to.include({ gifts: held, points: held * PRICE });
    });
  }
});
