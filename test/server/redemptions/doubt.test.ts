import { expect } from 'chai';
import { doubtOn, expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

/** Doubt after an hour here, so that the test need not live through a day. */
const DOUBT_MS = 3_600_000;

describe('what nobody could prove', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await openMachine({ timeouts: { doubtAfterMs: DOUBT_MS } });
    await signIn(machine);
  });
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const code = (answer: unknown): string | undefined =>
    (answer as { problem?: { code: string }; error?: { code: string } }).problem?.code ??
    (answer as { error?: { code: string } }).error?.code;
  const key = (slot: number) => ({ kioskId: machine.kiosk.kioskId, slot });
  const count = (slot: number, counted: number, tray = 0) =>
    machine.staff('a', (tx) => machine.server.mainJob.counts.count(tx, key(slot), { counted, tray }));
  const mailbox = async () => {
    await machine.time.pass(1000);
    const rows = await machine.server.foundation.database.db
      .selectFrom('messages')
      .select('kind')
      .orderBy('outbox_id')
      .execute();
    return rows.map((row) => row.kind);
  };

  it('makes silence overdue, long silence doubt, and never releases by a timer', async () => {
    const held = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(held, 2));
    const vending = await vendingOn(machine, 1);
    await machine.time.pass(66_000);
    expect(await machine.state(held)).to.equal('held_overdue');
    expect(await machine.state(vending)).to.equal('vending_overdue');
    expect(await mailbox()).to.deep.equal([]);
    await machine.time.pass(DOUBT_MS + 60_000);
    expect(await machine.state(held)).to.equal('in_doubt');
    expect(await machine.state(vending)).to.equal('in_doubt');
    expect(await machine.balances()).to.include({ held: 2 * PRICE });
    expect(await mailbox()).to.deep.equal(['redemption_in_doubt', 'redemption_in_doubt']);
    // The kiosk comes back with what it saw: evidence ends it still.
    expect(await machine.kiosk.outcome(vending, 1, 'dropped')).to.include({ state: 'captured' });
  });

  it('ends by a blind count that finds everything: none fell', async () => {
    const id = await doubtOn(machine, 1);
    expect(await machine.slot(1)).to.include({ onHand: 5, inDoubt: 1, inService: false });
    expect(await count(1, 4, 1)).to.have.nested.property('value.verdict', 'none_fell');
    expect(await machine.state(id)).to.equal('released');
    expect(await machine.slot(1)).to.deep.equal({ onHand: 5, reserved: 0, inDoubt: 0, inService: true });
    expect(await mailbox()).to.deep.equal(['redemption_in_doubt', 'redemption_released']);
  });

  it('ends by a blind count that misses exactly those in doubt: all fell', async () => {
    const id = await doubtOn(machine, 1);
    expect(await count(1, 4)).to.have.nested.property('value.verdict', 'all_fell');
    expect(await machine.state(id)).to.equal('captured');
    expect(await machine.slot(1)).to.deep.equal({ onHand: 4, reserved: 0, inDoubt: 0, inService: true });
  });

  it('believes no other count, and none after the door was opened', async () => {
    const id = await doubtOn(machine, 1);
    expect(await count(1, 3)).to.have.nested.property('value.verdict', 'not_conclusive');
    const door = {
      eventId: machine.kiosk.newId(),
      slot: null,
      kind: 'door_opened',
      reason: '',
      redemptionId: null,
    } as const;
    await machine.kiosk.must('variance', door);
    expect(await count(1, 4)).to.have.nested.property('value.verdict', 'not_conclusive');
    expect(await count(1, 4)).to.have.nested.property('value.verdict', 'not_conclusive');
    expect(await machine.state(id)).to.equal('in_doubt');
    expect(await machine.slot(1)).to.include({ onHand: 5, inDoubt: 1, inService: false });
  });

  it('books the difference of a count where nothing is in doubt', async () => {
    expect(await count(1, 3)).to.have.nested.property('value.verdict', 'difference');
    expect(await machine.slot(1)).to.include({ onHand: 3, inService: true });
    expect(await count(1, 3)).to.have.nested.property('value.verdict', 'agrees');
  });

  it('books no difference while a vend may be under way: the unit that is missing may be its own', async () => {
    const id = await vendingOn(machine, 1);
    expect(await count(1, 4)).to.deep.include({
      value: { verdict: 'not_conclusive', expected: 5, counted: 4, underWay: 1 },
    });
    expect(await machine.slot(1)).to.include({ onHand: 5, reserved: 1 });
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    expect(await machine.slot(1)).to.include({ onHand: 4, reserved: 0 });
    expect(await count(1, 4)).to.have.nested.property('value.verdict', 'agrees');
  });

  it('takes no missing unit for one in doubt while another vend of that reward may be under way', async () => {
    const id = await doubtOn(machine, 1);
    await vendingOn(machine, 2);
    expect(await count(1, 4)).to.have.nested.property('value.verdict', 'not_conclusive');
    expect(await machine.state(id)).to.equal('in_doubt');
    expect(await count(1, 5)).to.have.nested.property('value.verdict', 'none_fell');
  });

  it('ends by two staff, who are two', async () => {
    const id = await doubtOn(machine, 1);
    const { resolutions } = machine.server.mainJob;
    const proposal = { verdict: 'captured', reason: 'seen on camera' } as const;
    const proposed = await machine.staff('a', (tx) => resolutions.propose(tx, id, proposal));
    if (!proposed.ok) throw new Error(proposed.error.code);
    const { resolution_id } = proposed.value;
    const confirm = (who: string) =>
      machine.staff(who, (tx) => resolutions.confirm(tx, resolution_id, { redemptionId: id }));
    expect(code(await confirm('a'))).to.equal('second_person_required');
    expect(await machine.state(id)).to.equal('in_doubt');
    expect(await confirm('b')).to.include({ ok: true });
    expect(await machine.state(id)).to.equal('captured');
    expect(code(await confirm('c'))).to.equal('already_resolved');
    expect(code(await machine.staff('a', (tx) => resolutions.propose(tx, id, proposal)))).to.equal('already_resolved');
    expect(await machine.slot(1)).to.include({ onHand: 4, inService: false });
  });

  it('lets the operator’s token propose but never confirm: whoever reads that file may also be the proposer', async () => {
    const id = await doubtOn(machine, 1);
    const { resolutions } = machine.server.mainJob;
    const propose = async (who: string) => {
      const proposed = await machine.staff(who, (tx) =>
        resolutions.propose(tx, id, { verdict: 'captured', reason: 'seen on camera' }),
      );
      if (!proposed.ok) throw new Error(proposed.error.code);
      return proposed.value.resolution_id;
    };
    const confirm = (who: string, resolutionId: string) =>
      machine.staff(who, (tx) => resolutions.confirm(tx, resolutionId, { redemptionId: id }));
    expect(code(await confirm('operator', await propose('a')))).to.equal('second_person_required');
    expect(await machine.state(id)).to.equal('in_doubt');
    expect(await confirm('a', await propose('operator'))).to.include({ ok: true });
    expect(await machine.state(id)).to.equal('captured');
  });

  it('opens a discrepancy for late evidence, and two staff correct the books by new postings', async () => {
    const { kiosk } = machine;
    const id = kiosk.newId();
    expectFine(await kiosk.authorise(id, 1));
    expectFine(await kiosk.hello(machine.connect(), []));
    expect(await kiosk.outcome(id, 1, 'dropped')).to.include({ ok: true, state: 'released' });
    const { resolutions } = machine.server.mainJob;
    const { db } = machine.server.foundation.database;
    const [open] = await resolutions.discrepancies(db, { limit: 10, state: 'open' });
    expect(open).to.include({ redemption_id: id, event: 'dropped', state_then: 'released' });
    const discrepancyId = open?.discrepancy_id ?? '';
    const proposed = await machine.staff('a', (tx) =>
      resolutions.proposeFor(tx, discrepancyId, { verdict: 'captured', reason: 'it is gone' }),
    );
    if (!proposed.ok) throw new Error(proposed.error.code);
    const confirmed = await machine.staff('b', (tx) =>
      resolutions.confirm(tx, proposed.value.resolution_id, { discrepancyId }),
    );
    expect(confirmed.ok, JSON.stringify(confirmed)).to.equal(true);
    expect(await machine.state(id)).to.equal('released');
    expect(await machine.balances()).to.include({ available: 3000 - PRICE, held: 0 });
    expect(await machine.slot(1)).to.include({ onHand: 4, inService: false });
  });

  it('takes a second, different word of the kiosk as a discrepancy only', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    expect(await machine.kiosk.outcome(id, 1, 'dropped')).to.include({ state: 'captured' });
    expect(await machine.kiosk.outcome(id, 1, 'not_dropped')).to.include({ state: 'captured' });
    const found = await machine.server.mainJob.resolutions.discrepancies(machine.server.foundation.database.db, {
      limit: 9,
    });
    expect(found.map((each) => each.event)).to.deep.equal(['outcome_conflict']);
  });

  it('captures one of two that fell, writes the other off once, and stops the slot', async () => {
    const id = await vendingOn(machine, 1);
    expect(await machine.kiosk.outcome(id, 1, 'dropped', { drops: 2 })).to.include({ state: 'captured' });
    const extra = {
      eventId: machine.kiosk.newId(),
      slot: 1,
      kind: 'extra_drop',
      reason: 'two edges',
      redemptionId: id,
    } as const;
    await machine.kiosk.must('variance', extra);
    await machine.kiosk.must('variance', extra);
    expect(await machine.slot(1)).to.include({ onHand: 3, reserved: 0, inService: false });
    expect(await machine.balances()).to.include({ available: 3000 - PRICE });
  });

  it('never credits a stray drop to anybody', async () => {
    const stray = {
      eventId: machine.kiosk.newId(),
      slot: 2,
      kind: 'stray_drop',
      reason: 'late',
      redemptionId: null,
    } as const;
    await machine.kiosk.must('variance', stray);
    expect(await machine.slot(2)).to.include({ onHand: 4, inService: false });
    expect(await machine.balances()).to.include({ available: 3000 });
  });

  it('stops a slot that turned without a drop: the next gift may hang', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(id, 1, 'not_dropped', { rotated: 'yes', reason: 'beam_clear' }));
    expect(await machine.state(id)).to.equal('released');
    expect(await machine.slot(1)).to.include({ onHand: 5, inService: false });
  });

  it('needs a person after the second restart on one slot while energised', async () => {
    const { stock } = machine.server.fleet;
    for (const left of [4, 3]) {
      const id = await vendingOn(machine, 1);
      expectFine(await machine.kiosk.outcome(id, 1, 'unknown', { reason: 'restarted' }));
      expectFine(await count(1, left));
      expect(await machine.state(id)).to.equal('captured');
    }
    expect(await machine.slot(1)).to.include({ inService: false, inDoubt: 0 });
    expectFine(await machine.staff('a', (tx) => stock.setService(tx, key(1), true, 'power supply changed')));
    expect(await machine.slot(1)).to.include({ inService: true });
  });
});
