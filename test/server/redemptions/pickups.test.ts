import { verifyPickupCode } from '@tessera/shared/credentials/pickup-code';
import { publicKeyOfText } from '@tessera/shared/credentials/signature';
import { expect } from 'chai';
import { expectFine, expectSoundBooks, signIn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

const HOUR_MS = 3_600_000;

describe('orders for pick-up', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await openMachine();
    await signIn(machine);
  });
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const order = async (hours = 1) => {
    const { memberId, rewardId, kiosk, time } = machine;
    const expiresAt = time.nowMs() + hours * HOUR_MS;
    const ordered = await machine.staff('a', (tx) =>
      machine.server.mainJob.pickups.order(tx, { memberId, rewardId, kioskId: kiosk.kioskId, expiresAt }),
    );
    if (!ordered.ok) throw new Error(ordered.error.code);
    return { id: ordered.value.redemption.redemption_id, code: ordered.value.pickup.code };
  };
  const cancel = (id: string) => machine.staff('a', (tx) => machine.server.mainJob.pickups.cancel(tx, id));
  const lastConfig = () => machine.pushes.filter((push) => push.name === 'config').at(-1)?.payload;

  it('gives a code that its kiosk verifies alone, and captures what was picked up', async () => {
    const { id, code } = await order();
    expect(await machine.balances()).to.include({ held: PRICE });
    const keys = new Map(
      machine.kiosk.config?.keys
        .map((each) => [each.keyId, publicKeyOfText(each.publicKey)] as const)
        .flatMap(([keyId, key]) => (key ? [[keyId, key] as const] : [])),
    );
    const claim = verifyPickupCode(code, { keys, kioskId: machine.kiosk.kioskId, nowMs: machine.time.nowMs() });
    expect(claim).to.have.nested.property('value.redemptionId', id);
    expect(await machine.kiosk.vending(id, 2)).to.include({ state: 'vending' });
    expect(await machine.kiosk.outcome(id, 2, 'dropped')).to.include({ state: 'captured' });
    expect(await machine.slot(1)).to.include({ onHand: 5, reserved: 0 });
    expect(await machine.slot(2)).to.include({ onHand: 4, reserved: 0 });
    await machine.time.pass(100);
    expect(lastConfig()).to.have.deep.property('usedPickups', [id]);
  });

  it('is in doubt on the slot that turned, not on the one that was reserved', async () => {
    const { id } = await order();
    expect(await machine.kiosk.vending(id, 2)).to.include({ state: 'vending' });
    expect(await machine.slot(1)).to.include({ reserved: 0 });
    expect(await machine.slot(2)).to.include({ reserved: 1 });
    expect(await machine.kiosk.outcome(id, 2, 'unknown')).to.include({ state: 'in_doubt' });
    expect(await machine.slot(1)).to.include({ reserved: 0, inService: true });
    expect(await machine.slot(2)).to.include({ reserved: 1, inService: false });
  });

  // Found by the simulation: the gift may have come from any slot that holds it, and nobody has said from which.
  it('is not settled by a count where the kiosk lost its journal before it said which slot had turned', async () => {
    const { kiosk, server } = machine;
    const { id } = await order();
    const lost = { ...kiosk.journal, hash: 'f'.repeat(64) };
    expect(await kiosk.hello(machine.connect(), [], { journal: lost })).to.include({ ok: false });
    expect(await machine.state(id)).to.equal('in_doubt');
    const key = { kioskId: kiosk.kioskId, slot: 1 };
    const counted = await machine.staff('a', (tx) => server.mainJob.counts.count(tx, key, { counted: 5, tray: 0 }));
    expect(counted).to.have.nested.property('value.verdict', 'not_conclusive');
    expect(await machine.state(id)).to.equal('in_doubt');
  });

  it('takes no order that outlives the kiosk’s memory of what it was granted, nor one beyond the calendar', async () => {
    const { memberId, rewardId, kiosk, time } = machine;
    const kioskId = kiosk.kioskId;
    const until = (expiresAt: number) =>
      machine.staff('a', (tx) => machine.server.mainJob.pickups.order(tx, { memberId, rewardId, kioskId, expiresAt }));
    const latest = time.nowMs() + 90 * 24 * HOUR_MS;
    for (const expiresAt of [time.nowMs(), latest + 1, Number.MAX_SAFE_INTEGER])
      expect(await until(expiresAt)).to.have.nested.property('error.fields./expiresAt');
    expect(await machine.balances()).to.include({ held: 0 });
    expectFine(await until(latest));
  });

  it('waits for its member: silence and an empty journal say nothing about it', async () => {
    const { id } = await order();
    await machine.time.pass(10 * 60_000);
    expectFine(await machine.kiosk.hello(machine.connect(), []));
    expect(await machine.state(id)).to.equal('held');
  });

  it('gives the points back only after the kiosk has acknowledged the revocation', async () => {
    const { id } = await order();
    expect(await cancel(id)).to.include({ ok: true });
    expect(await cancel(id)).to.include({ ok: true });
    expect(await machine.state(id)).to.equal('held');
    await machine.time.pass(100);
    expect(lastConfig()).to.have.deep.property('revokedPickups', [id]);
    expect(await machine.kiosk.ask('revoked', { redemptionId: id, journalHead: machine.kiosk.write() })).to.include({
      state: 'released',
    });
    expect(await machine.balances()).to.include({ held: 0, available: 3000 });
    expect(await cancel(id)).to.include({ ok: false });
  });

  it('captures an order that was picked up while its cancellation was on the way', async () => {
    const { id } = await order();
    expectFine(await cancel(id));
    expectFine(await machine.kiosk.vending(id, 1));
    expect(await machine.kiosk.outcome(id, 1, 'dropped')).to.include({ state: 'captured' });
  });

  it('believes no revocation that nobody asked for', async () => {
    const { id } = await order();
    const answer = await machine.kiosk.ask('revoked', { redemptionId: id, journalHead: machine.kiosk.write() });
    expect(answer).to.have.nested.property('problem.code', 'conflict');
    expect(await machine.state(id)).to.equal('held');
  });

  it('expires after its code has, with grace, and in the same two steps', async () => {
    const { id } = await order();
    await machine.time.pass(HOUR_MS + 240_000);
    expect(lastConfig()).to.not.have.deep.property('revokedPickups', [id]);
    await machine.time.pass(3 * 60_000);
    expect(lastConfig()).to.have.deep.property('revokedPickups', [id]);
    expect(await machine.state(id)).to.equal('held');
  }).timeout(60_000);
});
