import { defaultTimeouts } from '@tessera/server/platform/timeouts';
import { problem } from '@tessera/shared/problem';
import { ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { doubtOn, expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { FakeKiosk } from '../support/kiosk.ts';
import { openMachine, PRICE, seededChance, type Machine } from '../support/machine.ts';

const { vendByMs, longestVendMs } = defaultTimeouts;

describe('at the edges of a redemption', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await openMachine();
    await signIn(machine);
  });
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const db = () => machine.server.foundation.database.db;
  const redemption = async (id: string) => (await machine.server.mainJob.redemptions.find(db(), id))!;
  const slotOf = async (slot: number) =>
    (await machine.server.fleet.stock.slot(db(), { kioskId: machine.kiosk.kioskId, slot }))!;
  const count = (slot: number, counted: number) =>
    machine.staff('a', (tx) =>
      machine.server.mainJob.counts.count(tx, { kioskId: machine.kiosk.kioskId, slot }, { counted, tray: 0 }),
    );
  const order = async (): Promise<string> => {
    const { memberId, rewardId, kiosk, time } = machine;
    const wanted = { memberId, rewardId, kioskId: kiosk.kioskId, expiresAt: time.nowMs() + 3_600_000 };
    const ordered = await machine.staff('a', (tx) => machine.server.mainJob.pickups.order(tx, wanted));
    if (!ordered.ok) throw new Error(ordered.error.code);
    return ordered.value.redemption.redemption_id;
  };
  /** Another kiosk of the same alliance, at the server's door. */
  const stranger = async (): Promise<FakeKiosk> => {
    const { kiosks, stock } = machine.server.fleet;
    const other = new FakeKiosk(machine.time, seededChance(99));
    const made = await machine.staff('a', async (tx) => {
      const created = await kiosks.create(tx, 'Elsewhere');
      await stock.addSlots(tx, created.kioskId, 3);
      return ok(created);
    });
    if (!made.ok) throw new Error(made.error.code);
    other.kioskId = made.value.kioskId;
    expectFine(await machine.staff('a', (tx) => kiosks.enrol(tx, made.value.enrolmentCode, other.publicKey)));
    expectFine(await other.hello(machine.connect()));
    return other;
  };

  it('another kiosk hears nothing of it, and moves nothing', async () => {
    const other = await stranger();
    const id = await vendingOn(machine, 1);
    const refused = machine.kiosk.newId();
    expect(await machine.kiosk.authorise(refused, 1, { price: PRICE + 1 })).to.include({ ok: false });
    expect(await other.outcome(id, 1, 'dropped')).to.deep.equal({ ok: false, problem: problem('not_found') });
    expect(await other.vending(id, 1)).to.deep.equal({ ok: false, problem: problem('not_found') });
    for (const known of [id, refused]) {
      const again = await other.authorise(known, 1, { rewardId: machine.rewardId, sessionId: machine.kiosk.sessionId });
      expect(again).to.deep.equal({ ok: false, problem: problem('redemption_refused') });
    }
    const extra = { eventId: other.newId(), slot: 1, kind: 'extra_drop', reason: 'x', redemptionId: id } as const;
    expectFine(await other.ask('variance', extra));
    expect(await redemption(id)).to.include({ state: 'vending', extra_drops: 0 });
    expect(await machine.slot(1)).to.include({ onHand: 5, reserved: 1, inService: true });
  });

  it('an order of the web is asked for by its code, never at the screen', async () => {
    const id = await order();
    expect(await machine.kiosk.authorise(id, 1)).to.deep.equal({ ok: false, problem: problem('redemption_refused') });
    expect(await redemption(id)).to.include({ state: 'held', kind: 'pickup', overdue_at: null, overdue_since: null });
  });

  it('a vend that begins late has its own time to end in', async () => {
    const id = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(id, 1));
    const held = (await redemption(id)).overdue_at!;
    expect(held).to.equal(machine.time.nowMs() + vendByMs + longestVendMs);
    await machine.time.pass(vendByMs + 5);
    expectFine(await machine.kiosk.vending(id, 1));
    expect((await redemption(id)).overdue_at).to.equal(held + 5);
  });

  it('silence makes it overdue since then, and no doubt for a long time', async () => {
    const id = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(id, 1));
    await machine.time.pass(vendByMs + longestVendMs + 10_000);
    const overdue = await redemption(id);
    expect(overdue).to.include({ state: 'held_overdue', overdue_at: null });
    expect(overdue.overdue_since).to.be.within(machine.time.nowMs() - 10_000, machine.time.nowMs());
    await machine.time.pass(600_000);
    expect(await redemption(id)).to.include({ state: 'held_overdue', overdue_since: overdue.overdue_since });
    const trail = await db().selectFrom('audit').select(['action', 'actor']).orderBy('seq', 'desc').execute();
    expect(trail.find(({ action }) => action === 'redemption.silence')?.actor).to.include('overdue');
  });

  it('what fell beyond the first is told with its slot and its number', async () => {
    const id = await vendingOn(machine, 2);
    expectFine(await machine.kiosk.outcome(id, 2, 'dropped', { drops: 3 }));
    const [last] = (await machine.server.mainJob.redemptions.timeline(db(), id)).slice(-1);
    expect([last?.event, JSON.parse(last?.detail ?? '')]).to.deep.equal(['extra_drop', { slot: 2, units: 2 }]);
    expect(await redemption(id)).to.include({ extra_drops: 2 });
    // A repeat, and what the beam saw of something that did not drop, write nothing off.
    expectFine(await machine.kiosk.outcome(id, 2, 'dropped', { drops: 3 }));
    expect(await machine.slot(2)).to.include({ onHand: 2 });
    const doubtful = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(doubtful, 1, 'unknown', { drops: 3 }));
    expect(await machine.slot(1)).to.include({ onHand: 5 });
  });

  it('a slot that turned without a drop says why it is closed', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(id, 1, 'not_dropped', { rotated: 'yes', reason: 'beam_clear' }));
    expect(await slotOf(1)).to.include({ in_service: 0, out_reason: 'may_hang' });
  });

  it('says who ended it: a count that missed it, two staff, a kiosk that gave an order back', async () => {
    const counted = await doubtOn(machine, 1);
    expectFine(await count(1, 4));
    expect(await redemption(counted)).to.include({ state: 'captured', decided_by: 'count' });
    const { resolutions, pickups } = machine.server.mainJob;
    const id = await doubtOn(machine, 2);
    const made = await machine.staff('a', (tx) => resolutions.propose(tx, id, { verdict: 'captured', reason: 'seen' }));
    const proposed = made.ok ? made.value.resolution_id : '';
    expectFine(await machine.staff('b', (tx) => resolutions.confirm(tx, proposed, { redemptionId: id })));
    expect(await redemption(id)).to.include({ state: 'captured', decided_by: 'staff' });
    const ordered = await order();
    expectFine(await machine.staff('a', (tx) => pickups.cancel(tx, ordered)));
    expectFine(await machine.kiosk.ask('revoked', { redemptionId: ordered, journalHead: machine.kiosk.write() }));
    expect(await redemption(ordered)).to.include({ state: 'released', decided_by: 'kiosk' });
  });

  it('what two staff correct is a movement of stock that says so, and a closed case takes no more proposals', async () => {
    const { kiosk } = machine;
    const id = kiosk.newId();
    expectFine(await kiosk.authorise(id, 1));
    expectFine(await kiosk.hello(machine.connect(), []));
    expectFine(await kiosk.outcome(id, 1, 'dropped'));
    const { resolutions } = machine.server.mainJob;
    const [open] = await resolutions.discrepancies(db(), { limit: 1, state: 'open' });
    const discrepancyId = open?.discrepancy_id ?? '';
    const propose = () =>
      machine.staff('a', (tx) => resolutions.proposeFor(tx, discrepancyId, { verdict: 'captured', reason: 'gone' }));
    const made = await propose();
    const proposed = made.ok ? made.value.resolution_id : '';
    expectFine(await machine.staff('b', (tx) => resolutions.confirm(tx, proposed, { discrepancyId })));
    const filter = { kioskId: kiosk.kioskId, slot: 1, limit: 1 };
    const [moved] = await machine.server.fleet.stock.movements(db(), filter);
    expect(moved).to.include({ kind: 'write_off', change: -1, reason: 'corrected', redemption_id: id });
    expect(await slotOf(1)).to.include({ out_reason: 'corrected' });
    expect(await propose()).to.have.nested.property('error.code', 'already_resolved');
    const listed = await machine.server.mainJob.redemptions.list(db(), { limit: 5 });
    expect(listed.map((row) => row.redemption_id)).to.deep.equal([id]);
  });
});
