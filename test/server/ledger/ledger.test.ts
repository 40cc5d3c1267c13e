import type { Tx } from '@tessera/server/platform/commands/commands';
import { ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

const HOUR_MS = 3_600_000;

describe('the points of a member', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await openMachine({ points: 400 });
    await signIn(machine);
  });
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const db = () => machine.server.foundation.database.db;
  /** Runs work as a command of its own millisecond, so that histories are in its order. */
  const run = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    await machine.time.pass(1);
    const done = await machine.staff('a', async (tx) => ok(await work(tx)));
    if (!done.ok) throw new Error(done.error.code);
    return done.value;
  };
  /** Earns points; answers what is available then. */
  const earn = async (points: number, expiresAt: number | null = null): Promise<number> => {
    const lot = { memberId: machine.memberId, issuer: null, rule: 'gift', reason: 'a gift', expiresAt, points };
    return (await run((tx) => machine.server.ledger.earn(tx, lot))).available;
  };
  const balances = async () => {
    const { pending, available, held, debt } = await machine.server.ledger.balancesOf(db(), machine.memberId);
    return { pending, available, held, debt: Math.abs(debt) };
  };
  /** The member's postings, newest transaction first. */
  const history = async (limit = 20) =>
    (await machine.server.ledger.history(db(), machine.memberId, { limit })).map((row) => [
      row.kind,
      row.reason,
      row.holdId,
      row.account,
      row.points,
    ]);
  const lots = async () =>
    (await db().selectFrom('point_lots').selectAll().orderBy('expires_at').orderBy('lot_id').execute()).map(
      ({ points, remaining }) => [points, remaining],
    );

  it('are earned as one lot, and the answer says what is available then', async () => {
    expect(await earn(100)).to.equal(500);
    expect(await history()).to.deep.equal([
      ['earn', 'a gift', null, 'member:available', 100],
      ['earn', 'welcome', null, 'member:available', 400],
    ]);
    expect(await balances()).to.deep.equal({ pending: 0, available: 500, held: 0, debt: 0 });
  });

  it('are a positive whole number, or nothing happens', async () => {
    for (const points of [0, -5, 1.5]) {
      const lot = { memberId: machine.memberId, issuer: null, rule: 'gift', reason: 'x', expiresAt: null, points };
      const why = await run((tx) => machine.server.ledger.earn(tx, lot).catch((error: unknown) => error));
      expect(why).to.have.property('message').that.includes('earned points are a positive amount');
    }
    expect(await history()).to.have.lengthOf(1);
  });

  it('are set aside for a gift, and taken when it fell', async () => {
    await machine.time.pass(1);
    const id = await vendingOn(machine, 1);
    await machine.time.pass(1);
    expect(await history()).to.deep.equal([
      ['hold', 'redemption', id, 'member:available', -PRICE],
      ['hold', 'redemption', id, 'member:held', PRICE],
      ['earn', 'welcome', null, 'member:available', 400],
    ]);
    expect(await balances()).to.deep.equal({ pending: 0, available: 100, held: PRICE, debt: 0 });
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    expect((await history())[0]).to.deep.equal(['capture', 'redemption', id, 'member:held', -PRICE]);
    expect(await balances()).to.deep.equal({ pending: 0, available: 100, held: 0, debt: 0 });
  });

  it('come back to the lots that they were taken from, with their time', async () => {
    const soon = machine.time.nowMs() + HOUR_MS;
    await earn(250, soon);
    await earn(30, soon + HOUR_MS);
    await machine.time.pass(1);
    const id = await vendingOn(machine, 1);
    await machine.time.pass(1);
    expect(await lots()).to.deep.equal([
      [250, 0],
      [30, 0],
      [400, 380],
    ]);
    expectFine(await machine.kiosk.outcome(id, 1, 'not_dropped'));
    expect(await lots()).to.deep.equal([
      [250, 250],
      [30, 30],
      [400, 400],
    ]);
    const released = (await history()).filter(([kind]) => kind === 'release');
    expect(released.map(([, , hold, account, points]) => [hold, account, points])).to.deep.equal([
      [id, 'member:held', -PRICE],
      [id, 'member:available', 20],
      [id, 'member:available', 30],
      [id, 'member:available', 250],
    ]);
    expect(await balances()).to.deep.equal({ pending: 0, available: 680, held: 0, debt: 0 });
  });

  it('end with their time, in one posting for each lot, and cannot be spent from that moment on', async () => {
    const soon = machine.time.nowMs() + HOUR_MS / 2;
    await earn(250, soon);
    await earn(50, soon + 1);
    await machine.time.pass(soon - machine.time.nowMs());
    await signIn(machine);
    expectFine(await machine.kiosk.authorise(machine.kiosk.newId(), 1));
    expect(await lots()).to.deep.equal([
      [250, 250],
      [50, 0],
      [400, 150],
    ]);
    await machine.time.pass(2 * HOUR_MS);
    const expired = (await history()).filter(([kind]) => kind === 'expire');
    expect(expired.map(([, , , account, points]) => [account, points])).to.deep.equal([['member:available', -250]]);
    expect(await balances()).to.include({ available: 150 });
  });

  it('end however many lots there are, a batch after the other', async () => {
    const expiresAt = machine.time.nowMs() + HOUR_MS / 2;
    for (let lot = 0; lot < 405; lot += 1) await earn(1, expiresAt);
    expect(await balances()).to.include({ available: 805 });
    await machine.time.pass(HOUR_MS + 1000);
    for (let round = 0; round < 20; round += 1) await machine.time.pass(1);
    expect(await balances()).to.include({ available: 400 });
  });

  it('say how many are missing', async () => {
    expectFine(await machine.kiosk.authorise(machine.kiosk.newId(), 1));
    const short = await machine.kiosk.authorise(machine.kiosk.newId(), 2);
    expect(short).to.have.deep.nested.property('problem.facts', { missing: 200 });
    expect(await machine.slot(2)).to.include({ reserved: 0 });
  });

  it('are told page by page, newest first', async () => {
    for (const points of [1, 2, 3]) {
      await machine.time.pass(5);
      await earn(points);
    }
    const page = await machine.server.ledger.history(db(), machine.memberId, { limit: 2 });
    expect(page.map((row) => row.points)).to.deep.equal([3, 2]);
    const before = page.at(-1)!.transactionId;
    const rest = await machine.server.ledger.history(db(), machine.memberId, { limit: 5, before });
    expect(rest.map((row) => row.points)).to.deep.equal([1, 400]);
  });
});
