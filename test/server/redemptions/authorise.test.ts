import { expect } from 'chai';
import { expectFine, expectSoundBooks, signIn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

describe('authorise', () => {
  let machine: Machine;
  afterEach(async () => {
    await expectSoundBooks(machine);
    await machine.close();
  });

  const code = (answer: unknown): string | undefined => (answer as { problem?: { code: string } }).problem?.code;

  it('holds points and reserves a unit once, however often it is asked', async () => {
    machine = await openMachine({ points: 1000 });
    await signIn(machine);
    const id = machine.kiosk.newId();
    const answers = await Promise.all([1, 2, 3].map(() => machine.kiosk.authorise(id, 1)));
    expect(answers[0]).to.include({ ok: true, state: 'held', pointsAfter: 1000 - PRICE });
    expect(answers[1]).to.deep.equal(answers[0]);
    expect(await machine.balances()).to.include({ available: 1000 - PRICE, held: PRICE });
    expect(await machine.slot(1)).to.include({ onHand: 5, reserved: 1 });
  });

  it('answers the present state when asked again after the end', async () => {
    machine = await openMachine();
    await signIn(machine);
    const id = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(id, 1));
    expectFine(await machine.kiosk.vending(id, 1));
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    expect(await machine.kiosk.authorise(id, 1)).to.include({ ok: true, state: 'captured' });
    expect(await machine.slot(1)).to.include({ onHand: 4, reserved: 0 });
  });

  it('makes a refusal final for its id and changes nothing else', async () => {
    machine = await openMachine({ points: PRICE - 1 });
    await signIn(machine);
    const id = machine.kiosk.newId();
    const refused = await machine.kiosk.authorise(id, 1);
    expect(code(refused)).to.equal('insufficient_points');
    expect(refused).to.have.nested.property('problem.facts.missing', 1);
    expect(await machine.slot(1)).to.include({ reserved: 0 });
    const { ledger, memberId } = { ...machine, ledger: machine.server.ledger };
    const gift = { memberId, issuer: null, rule: 'gift', points: 1000, expiresAt: null, reason: 'gift' };
    expectFine(await machine.staff('a', async (tx) => ({ ok: true, value: await ledger.earn(tx, gift) })));
    expect(await machine.kiosk.authorise(id, 1)).to.deep.equal(refused);
    expect(await machine.state(id)).to.equal('refused');
    expect(await machine.kiosk.authorise(machine.kiosk.newId(), 1)).to.include({ ok: true });
  });

  it('gives the last unit to one of two who ask at once', async () => {
    machine = await openMachine({ units: 1 });
    await signIn(machine);
    const ids = [machine.kiosk.newId(), machine.kiosk.newId()];
    const answers = await Promise.all(ids.map((id) => machine.kiosk.authorise(id, 1)));
    expect(answers.filter((answer) => answer.ok)).to.have.length(1);
    expect(answers.map(code)).to.include('out_of_stock');
  });

  it('keeps the limit per member under any concurrency', async () => {
    machine = await openMachine({ limit: 2, units: 5 });
    await signIn(machine);
    const answers = await Promise.all([1, 2, 3, 1].map((slot) => machine.kiosk.authorise(machine.kiosk.newId(), slot)));
    expect(answers.filter((answer) => answer.ok)).to.have.length(2);
    expect(answers.map(code)).to.include('limit_reached');
  });

  it('lets the member decide again when price or planogram are not as shown', async () => {
    machine = await openMachine();
    await signIn(machine);
    const { kiosk } = machine;
    const dearer = await kiosk.authorise(kiosk.newId(), 1, { price: PRICE - 10 });
    expect(dearer).to.have.nested.property('problem.facts.price', PRICE);
    const moved = await kiosk.authorise(kiosk.newId(), 1, { planogramVersion: 99 });
    expect(code(moved)).to.equal('planogram_changed');
  });

  it('takes only from a living session of this kiosk', async () => {
    machine = await openMachine();
    await signIn(machine);
    const { kiosk, time } = machine;
    expect(code(await kiosk.authorise(kiosk.newId(), 1, { sessionId: kiosk.newId() }))).to.equal('session_over');
    await time.pass(600_001);
    expect(code(await kiosk.authorise(kiosk.newId(), 1))).to.equal('session_over');
    await signIn(machine);
    await kiosk.must('end_session', { sessionId: kiosk.sessionId });
    expect(code(await kiosk.authorise(kiosk.newId(), 1))).to.equal('session_over');
  });

  it('asks again about the member in the middle of a session', async () => {
    machine = await openMachine();
    await signIn(machine);
    const { members } = machine.server.alliance;
    const done = await machine.staff('a', (tx) => members.setState(tx, machine.memberId, 'suspended'));
    expect(done.ok).to.equal(true);
    expect(code(await machine.kiosk.authorise(machine.kiosk.newId(), 1))).to.equal('member_suspended');
  });

  it('refuses a late authorise of an abandoned id', async () => {
    machine = await openMachine();
    await signIn(machine);
    const { kiosk } = machine;
    const id = kiosk.newId();
    expect(await kiosk.ask('abandon', { redemptionId: id, journalHead: kiosk.write() })).to.include({
      state: 'refused',
    });
    expect(code(await kiosk.authorise(id, 1))).to.equal('redemption_refused');
  });
});
