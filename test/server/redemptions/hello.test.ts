import { newUlid } from '@tessera/shared/ids/ulid';
import { expect } from 'chai';
import { doubtOn, expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

describe('hello', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await openMachine();
    await signIn(machine);
  });
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const code = (answer: unknown): string | undefined => (answer as { problem?: { code: string } }).problem?.code;

  it('releases what a whole journal never requested, and refuses it later', async () => {
    const { kiosk } = machine;
    const id = kiosk.newId();
    expectFine(await kiosk.authorise(id, 1));
    expect(await kiosk.hello(machine.connect(), [])).to.include({ ok: true });
    expect(await machine.state(id)).to.equal('released');
    expect(await machine.balances()).to.include({ held: 0 });
    expect(await kiosk.authorise(id, 1)).to.include({ ok: true, state: 'released' });
    expect(await kiosk.vending(id, 1)).to.include({ ok: true, state: 'released' });
  });

  it('keeps what the journal still has open, and tells how the books stand', async () => {
    const { kiosk } = machine;
    const id = await vendingOn(machine, 1);
    const unknown = kiosk.newId();
    const open = [
      { redemptionId: id, state: 'vending' as const },
      { redemptionId: unknown, state: 'requested' as const },
    ];
    const answer = await kiosk.hello(machine.connect(), open);
    expect(answer).to.have.deep.property('redemptions', [
      { redemptionId: id, state: 'vending' },
      { redemptionId: unknown, state: 'none' },
    ]);
    expect(await kiosk.outcome(id, 1, 'dropped')).to.include({ state: 'captured' });
  });

  it('never releases by absence once a drop was possible', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.hello(machine.connect(), []));
    expect(await machine.state(id)).to.equal('in_doubt');
    expect(await machine.slot(1)).to.include({ inService: false, inDoubt: 1 });
  });

  for (const [name, bend] of [
    ['an older journal', (m: Machine) => ({ ...m.kiosk.journal, seq: 0 })],
    ['a diverged journal', (m: Machine) => ({ ...m.kiosk.journal, hash: 'f'.repeat(64) })],
    [
      'a new journal',
      (m: Machine) => ({ ...m.kiosk.journal, epoch: newUlid(m.time, { bytes: (n) => new Uint8Array(n).fill(7) }) }),
    ],
  ] as const) {
    it(`puts everything in doubt for ${name}, until the kiosk is enrolled again`, async () => {
      const { kiosk } = machine;
      const held = kiosk.newId();
      expectFine(await kiosk.authorise(held, 2));
      const vending = await vendingOn(machine, 1);
      expect(code(await kiosk.hello(machine.connect(), [], { journal: bend(machine) }))).to.equal('journal_lost');
      expect(await machine.state(held)).to.equal('in_doubt');
      expect(await machine.state(vending)).to.equal('in_doubt');
      expect(code(await kiosk.hello(machine.connect()))).to.equal('journal_lost');
      await enrolAgain(machine);
      expect(await kiosk.hello(machine.connect(), [], { journal: bend(machine) })).to.include({ ok: true });
      expect(await machine.balances()).to.include({ held: 2 * PRICE });
    });
  }

  it('fences the older connection and refuses an equal or lower number', async () => {
    const { kiosk } = machine;
    const older = machine.connect();
    expectFine(await kiosk.hello(older));
    const { counter } = kiosk;
    const newer = machine.connect();
    expect(await kiosk.hello(newer)).to.include({ ok: true });
    expect(older.closed()).to.equal(true);
    const late = await older.send('abandon', { redemptionId: kiosk.newId(), journalHead: kiosk.write() });
    expect(code(late)).to.equal('kiosk_superseded');
    expect(code(await kiosk.hello(machine.connect(), [], { counter }))).to.equal('kiosk_cloned');
    expect(code(await kiosk.hello(machine.connect(), [], { counter: counter + 1 }))).to.equal('kiosk_cloned');
    const alerts = await machine.server.foundation.database.db
      .selectFrom('audit')
      .select('action')
      .where('action', '=', 'kiosk.counter_not_higher')
      .execute();
    expect(alerts).to.have.length(2);
  });

  it('closes a revoked kiosk at once and lets it in again only after enrolment', async () => {
    const { kiosk } = machine;
    const wire = machine.connect();
    expectFine(await kiosk.hello(wire));
    expectFine(await machine.staff('a', (tx) => machine.server.fleet.kiosks.revoke(tx, kiosk.kioskId, 'stolen')));
    expect(wire.closed()).to.equal(true);
    expect(machine.pushes.at(-1)).to.deep.equal({ name: 'closing', payload: { code: 'kiosk_revoked' } });
    expect(code(await kiosk.hello(machine.connect()))).to.equal('kiosk_revoked');
    await enrolAgain(machine);
    expect(await kiosk.hello(machine.connect())).to.include({ ok: true });
  });

  it('speaks only a protocol that both know, and closes who says nothing', async () => {
    const { kiosk } = machine;
    expect(code(await kiosk.hello(machine.connect(), [], { protocols: [99] }))).to.equal('unsupported_protocol');
    const silent = machine.connect();
    await machine.time.pass(10_001);
    expect(silent.closed()).to.equal(true);
  });

  it('leaves doubt alone: only a count or two staff end it', async () => {
    const id = await doubtOn(machine, 1);
    expectFine(await machine.kiosk.hello(machine.connect(), []));
    expect(await machine.state(id)).to.equal('in_doubt');
  });
});

/** A person has looked: a fresh code, and the device makes a fresh key. */
async function enrolAgain(machine: Machine): Promise<void> {
  const { kiosks } = machine.server.fleet;
  const made = await machine.staff('a', (tx) => kiosks.renewCode(tx, machine.kiosk.kioskId));
  if (!made.ok) throw new Error(made.error.code);
  machine.kiosk.makeKey();
  const done = await machine.staff('a', (tx) => kiosks.enrol(tx, made.value.enrolmentCode, machine.kiosk.publicKey));
  expect(done.ok, JSON.stringify(done)).to.equal(true);
}
