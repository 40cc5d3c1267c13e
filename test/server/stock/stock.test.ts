import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { doubtOn, expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { openMachine, SLOTS, type Machine } from '../support/machine.ts';
import { auditTrail } from '../support/trail.ts';

describe('the stock of a machine', () => {
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
  const stock = () => machine.server.fleet.stock;
  const kioskId = (): string => machine.kiosk.kioskId;
  const key = (slot: number) => ({ kioskId: kioskId(), slot });
  const nowhere = () => ({ kioskId: `k${machine.kiosk.newId()}`, slot: 1 });
  const close = async (slot: number, reason: string): Promise<void> => {
    const closed = await machine.staff('a', async (tx) => {
      await stock().closeSlot(tx, key(slot), reason);
      return ok(null);
    });
    expectFine(closed);
  };
  const configs = async (): Promise<number> => {
    await machine.time.pass(1000);
    return machine.pushes.filter((push) => push.name === 'config').length;
  };
  /** The movements of a slot, newest first, without what the database numbers. */
  const moved = async (slot: number, limit: number) =>
    (await stock().movements(db(), { kioskId: kioskId(), slot, limit })).map((row) => [
      row.kind,
      row.change,
      row.on_hand_after,
      row.reason,
      row.redemption_id,
    ]);

  it('takes units in, up to the room that there is, and writes down who, why and how many', async () => {
    const pushed = await configs();
    const loaded = await machine.staff('zoe', (tx) => stock().load(tx, key(1), 5, 'van'));
    expect(loaded).to.have.nested.property('value.on_hand', 10);
    const [last] = await stock().movements(db(), { kioskId: kioskId(), slot: 1, limit: 1 });
    expect(last).to.deep.include({
      kiosk_id: kioskId(),
      slot: 1,
      reward_id: machine.rewardId,
      kind: 'load',
      change: 5,
      on_hand_after: 10,
      redemption_id: null,
      reason: 'van',
      actor: 'admin:zoe',
      at: machine.time.nowMs(),
    });
    expect(await auditTrail(machine, 1)).to.deep.equal([
      ['stock.load', `slot:${kioskId()}/1`, { change: 5, reason: 'van' }],
    ]);
    expect(await configs()).to.equal(pushed + 1);
    const full = problem('conflict', { detail: 'There is no room for so many.', facts: { room: 0 } });
    expect(await machine.staff('zoe', (tx) => stock().load(tx, key(1), 1, 'van'))).to.deep.equal(err(full));
    const none = await machine.staff('zoe', (tx) => stock().load(tx, nowhere(), 1, 'van'));
    expect(none).to.deep.equal(err(problem('not_found')));
  });

  it('takes nothing into a slot that has no gift', async () => {
    const empty = [{ slot: 7, rewardId: null, capacity: 10 }];
    expectFine(await machine.staff('a', (tx) => stock().setPlanogram(tx, kioskId(), empty)));
    const refused = await machine.staff('a', (tx) => stock().load(tx, key(7), 1, 'van'));
    expect(refused).to.have.nested.property('error.facts.room', 10);
  });

  it('gives units out, or finds some, but never below those in doubt', async () => {
    await doubtOn(machine, 1);
    const adjust = (change: number) => machine.staff('a', (tx) => stock().adjust(tx, key(1), change, 'worn'));
    const tooMany = problem('conflict', { detail: 'There are not so many.', facts: { onHand: 5 } });
    expect(await adjust(-5)).to.deep.equal(err(tooMany));
    expect(await adjust(-4)).to.have.nested.property('value.on_hand', 1);
    expect(await adjust(2)).to.have.nested.property('value.on_hand', 3);
    expect(await moved(1, 2)).to.deep.equal([
      ['variance', 2, 3, 'worn', null],
      ['remove', -4, 1, 'worn', null],
    ]);
    expect(await machine.staff('a', (tx) => stock().adjust(tx, nowhere(), 1, 'x'))).to.deep.equal(
      err(problem('not_found')),
    );
  });

  it('goes out of service and back by staff, and not back over a doubt', async () => {
    const set = (inService: boolean) => machine.staff('a', (tx) => stock().setService(tx, key(1), inService, 'jam'));
    const pushed = await configs();
    const before = (await stock().slot(db(), key(1)))!;
    expect(await set(false)).to.have.nested.property('value.out_reason', 'staff');
    expect(await auditTrail(machine, 1)).to.deep.equal([
      ['stock.service_set', `slot:${kioskId()}/1`, { inService: false, reason: 'jam' }],
    ]);
    expect(await configs()).to.equal(pushed + 1);
    expect(await set(true)).to.deep.include({
      value: { ...before, service_epoch: before.service_epoch + 1, in_service: 1, out_reason: null },
    });
    await doubtOn(machine, 1);
    const doubtful = problem('conflict', { detail: 'Something here is in doubt.', facts: { inDoubt: 1 } });
    expect(await set(true)).to.deep.equal(err(doubtful));
    expect(await set(false)).to.have.nested.property('value.out_reason', 'staff');
    expect(await machine.staff('a', (tx) => stock().setService(tx, nowhere(), true, 'x'))).to.deep.equal(
      err(problem('not_found')),
    );
  });

  it('learns what stands where, in versions, and never under what is still there', async () => {
    const plan = (slots: { slot: number; rewardId: string | null; capacity: number }[], at = kioskId()) =>
      machine.staff('a', (tx) => stock().setPlanogram(tx, at, slots));
    const version = machine.kiosk.config!.planogram.version;
    const pushed = await configs();
    const slots = [
      { slot: 1, rewardId: machine.rewardId, capacity: 8 },
      { slot: 9, rewardId: null, capacity: 4 },
    ];
    const set = await plan(slots);
    expect(set.ok && set.value.map((slot) => [slot.slot, slot.capacity])).to.deep.equal([
      [1, 8],
      [2, 10],
      [3, 10],
      [9, 4],
    ]);
    expect(set.ok && set.value[3]).to.deep.equal({
      kiosk_id: kioskId(),
      slot: 9,
      reward_id: null,
      capacity: 4,
      on_hand: 0,
      reserved: 0,
      in_doubt: 0,
      in_service: 1,
      out_reason: null,
      service_epoch: 0,
      brownouts: 0,
    });
    expect(await auditTrail(machine, 1)).to.deep.equal([
      ['stock.planogram_set', `kiosk:${kioskId()}`, { version: version + 1, slots: JSON.stringify(slots) }],
    ]);
    expect(await configs()).to.equal(pushed + 1);
    const kept = await db().selectFrom('planogram_versions').selectAll().orderBy('version', 'desc').execute();
    expect(kept[0]).to.deep.include({ version: version + 1, actor: 'admin:a', slots: JSON.stringify(slots) });

    const none = problem('invalid_fields', { fields: { '/slots/1/rewardId': 'There is no such reward.' } });
    const unknown = { slot: 9, rewardId: machine.kiosk.newId(), capacity: 4 };
    expect(await plan([slots[0]!, unknown])).to.deep.equal(err(none));
    const inUse = problem('conflict', { fields: { '/slots/1': 'Empty this slot first.' } });
    expect(await plan([slots[0]!, { slot: 2, rewardId: null, capacity: 4 }])).to.deep.equal(err(inUse));
    expect(await plan(slots, nowhere().kioskId)).to.deep.equal(err(problem('not_found')));
  });

  it('keeps its gift while a unit of it is on its way, be the slot empty in the books', async () => {
    await vendingOn(machine, 3);
    for (let unit = 0; unit < 5; unit += 1) {
      expectFine(await machine.staff('a', (tx) => stock().adjust(tx, key(3), -1, 'worn')));
    }
    const bare = [{ slot: 3, rewardId: null, capacity: 4 }];
    const refused = await machine.staff('a', (tx) => stock().setPlanogram(tx, kioskId(), bare));
    expect(refused).to.have.deep.nested.property('error.fields', { '/slots/0': 'Empty this slot first.' });
    expectFine(await machine.staff('a', (tx) => stock().adjust(tx, key(3), 1, 'found')));
  });

  it('numbers the slots of a new machine from one', async () => {
    const made = await machine.staff('a', async (tx) => {
      const kiosk = await machine.server.fleet.kiosks.create(tx, 'Second');
      await stock().addSlots(tx, kiosk.kioskId, 3);
      return ok(kiosk.kioskId);
    });
    const slots = await stock().slots(db(), made.ok ? made.value : '');
    expect(slots.map(({ slot }) => slot)).to.deep.equal([1, 2, 3]);
    expect((await stock().slots(db(), kioskId())).length).to.equal(SLOTS);
  });

  it('tells each machine that shows a gift when the gift changes', async () => {
    const { planogram_version: before } = (await machine.server.fleet.kiosks.find(db(), kioskId()))!;
    const changed = async (rewardId: string): Promise<void> => {
      const told = await machine.staff('a', async (tx) => {
        await stock().rewardChanged(tx, rewardId);
        return ok(null);
      });
      expectFine(told);
    };
    await changed(machine.kiosk.newId());
    expect((await machine.server.fleet.kiosks.find(db(), kioskId()))!.planogram_version).to.equal(before);
    await changed(machine.rewardId);
    expect((await machine.server.fleet.kiosks.find(db(), kioskId()))!.planogram_version).to.equal(before + 1);
  });

  it('writes each drop down with its redemption, and finds a unit first that the books did not have', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    expect(await moved(1, 1)).to.deep.equal([['drop', -1, 4, 'redemption', id]]);
    const gone = await vendingOn(machine, 1);
    expectFine(await machine.staff('a', (tx) => stock().adjust(tx, key(1), -4, 'worn')));
    expectFine(await machine.kiosk.outcome(gone, 1, 'dropped'));
    expect(await moved(1, 2)).to.deep.equal([
      ['drop', -1, 0, 'redemption', gone],
      ['variance', 1, 1, 'not booked', gone],
    ]);
    expect(await machine.slot(1)).to.include({ onHand: 0, reserved: 0 });
  });

  it('writes off what fell for nobody, one by one, and stops the slot for the first reason', async () => {
    const id = await vendingOn(machine, 1);
    const pushed = await configs();
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped', { drops: 3 }));
    expect(await moved(1, 3)).to.deep.equal([
      ['write_off', -1, 2, 'extra_drop', id],
      ['write_off', -1, 3, 'extra_drop', id],
      ['drop', -1, 4, 'redemption', id],
    ]);
    expect(await configs()).to.be.greaterThan(pushed);
    expect(await stock().slot(db(), key(1))).to.include({ in_service: 0, out_reason: 'extra_drop' });
    await close(1, 'may_hang');
    expect(await stock().slot(db(), key(1))).to.include({ out_reason: 'extra_drop' });
  });

  it('remembers what was odd once, with all that was said of it', async () => {
    const report = { eventId: machine.kiosk.newId(), slot: 2, kind: 'stray_drop', reason: 'late', redemptionId: null };
    await machine.kiosk.must('variance', report as never);
    await machine.kiosk.must('variance', report as never);
    const all = await stock().variances(db(), { kioskId: kioskId(), limit: 9 });
    expect(all.map(({ variance_seq: _, ...row }) => row)).to.deep.equal([
      {
        event_id: report.eventId,
        kiosk_id: kioskId(),
        slot: 2,
        kind: 'stray_drop',
        units: 1,
        reason: 'late',
        redemption_id: null,
        at: machine.time.nowMs(),
      },
    ]);
    expect(await moved(2, 1)).to.deep.equal([['write_off', -1, 4, 'stray_drop', null]]);
    const trail = await auditTrail(machine, 9);
    expect(trail.filter(([action]) => action === 'variance.stray_drop')).to.deep.equal([
      ['variance.stray_drop', `kiosk:${kioskId()}`, { slot: 2, units: 1, reason: 'late', redemptionId: null }],
    ]);
  });

  describe('when it is counted', () => {
    const count = (slot: number, counted: number) =>
      machine.staff('zoe', (tx) => machine.server.mainJob.counts.count(tx, key(slot), { counted, tray: 0 }));
    const counts = () => db().selectFrom('stock_counts').selectAll().orderBy('movement_id', 'desc').execute();

    it('writes down what was found and what was expected, and books the difference as found, not as loaded', async () => {
      const pushed = await configs();
      expect(await count(1, 3)).to.have.nested.property('value.verdict', 'difference');
      expect(await moved(1, 2)).to.deep.equal([
        ['count', 0, 3, 'difference', null],
        ['variance', -2, 3, 'count', null],
      ]);
      const [written] = await counts();
      expect(written).to.deep.include({
        kiosk_id: kioskId(),
        slot: 1,
        counted: 3,
        expected: 5,
        in_doubt: 0,
        verdict: 'difference',
        actor: 'admin:zoe',
        at: machine.time.nowMs(),
      });
      const [variance] = await stock().variances(db(), { kioskId: kioskId(), limit: 1 });
      expect(variance).to.deep.include({
        event_id: written?.count_id,
        slot: 1,
        kind: 'count_difference',
        units: -2,
        reason: 'count',
        redemption_id: null,
      });
      expect((await auditTrail(machine, 1))[0]).to.deep.equal([
        'stock.counted',
        `slot:${kioskId()}/1`,
        { counted: 3, expected: 5, verdict: 'difference' },
      ]);
      expect(await configs()).to.equal(pushed + 1);
    });

    it('returns a slot that the machine took out, and none that staff took out', async () => {
      await close(1, 'may_hang');
      const { service_epoch: before } = (await stock().slot(db(), key(1)))!;
      expectFine(await count(1, 5));
      expect(await stock().slot(db(), key(1))).to.include({
        in_service: 1,
        out_reason: null,
        service_epoch: before + 1,
      });
      expectFine(await count(1, 5));
      expect(await stock().slot(db(), key(1))).to.include({ service_epoch: before + 1 });
      expectFine(await machine.staff('a', (tx) => stock().setService(tx, key(1), false, 'cleaning')));
      expectFine(await count(1, 5));
      expect(await stock().slot(db(), key(1))).to.include({ in_service: 0, out_reason: 'staff' });
    });

    it('counts the restarts of a slot: one is forgiven, a second needs a person, who forgives them all', async () => {
      const restarted = async (): Promise<void> => {
        const id = await vendingOn(machine, 1);
        expectFine(await machine.kiosk.outcome(id, 1, 'unknown', { reason: 'restarted' }));
      };
      await restarted();
      expect(await stock().slot(db(), key(1))).to.include({ brownouts: 1, out_reason: 'in_doubt' });
      expectFine(await count(1, 5));
      expect(await stock().slot(db(), key(1))).to.include({ brownouts: 1, in_service: 1 });
      await restarted();
      expect(await stock().slot(db(), key(1))).to.include({ brownouts: 2, out_reason: 'brownouts', in_service: 0 });
      expectFine(await count(1, 5));
      expect(await stock().slot(db(), key(1))).to.include({ out_reason: 'brownouts', in_service: 0, in_doubt: 0 });
      expectFine(await machine.staff('a', (tx) => stock().setService(tx, key(1), true, 'new supply')));
      expect(await stock().slot(db(), key(1))).to.include({ brownouts: 0, in_service: 1 });
    });

    it('counts no restart where the doubt is of another kind', async () => {
      await doubtOn(machine, 1);
      expect(await stock().slot(db(), key(1))).to.include({ brownouts: 0, out_reason: 'in_doubt' });
    });

    it('knows how many of a gift may be falling just now, in all of its slots', async () => {
      const underWay = async (slot: number) => stock().underWay(db(), (await stock().slot(db(), key(slot)))!);
      expect(await underWay(1)).to.equal(0);
      await vendingOn(machine, 2);
      await doubtOn(machine, 3);
      expect([await underWay(1), await underWay(2)]).to.deep.equal([1, 1]);
      const empty = [{ slot: 9, rewardId: null, capacity: 10 }];
      expectFine(await machine.staff('a', (tx) => stock().setPlanogram(tx, kioskId(), empty)));
      expect(await underWay(9)).to.equal(0);
    });

    it('is disturbed by the door until a count has proved something again', async () => {
      const door = { eventId: machine.kiosk.newId(), slot: null, kind: 'door_opened', reason: '', redemptionId: null };
      await machine.kiosk.must('variance', door as never);
      expect(await stock().disturbance(db(), key(1))).to.include({ kind: 'door_opened' });
      expectFine(await count(1, 5));
      expect(await stock().disturbance(db(), key(1))).to.equal(undefined);
      expect(await stock().disturbance(db(), key(2))).to.include({ kind: 'door_opened' });
    });
  });
});
