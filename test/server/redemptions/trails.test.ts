import { problem, type ProblemCode } from '@tessera/shared/problem';
import { err } from '@tessera/shared/result';
import { defaultTimeouts } from '@tessera/server/platform/timeouts';
import { expect } from 'chai';
import { doubtOn, expectFine, expectSoundBooks, signIn, vendingOn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';
import { auditTrail } from '../support/trail.ts';

describe('what a redemption leaves behind', () => {
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
  const timeline = async (id: string) =>
    (await machine.server.mainJob.redemptions.timeline(db(), id)).map((row) => [
      row.seq,
      row.event,
      row.from_state,
      row.to_state,
      JSON.parse(row.detail) as unknown,
    ]);
  const messages = async () => {
    await machine.time.pass(1000);
    return db().selectFrom('messages').selectAll().orderBy('outbox_id').execute();
  };
  const evidence = {
    drops: 1,
    beamBefore: 'alive',
    beamAfter: 'alive',
    rotated: 'yes',
    pulseMs: 300,
    reason: 'drop_seen',
  };

  it('is a row, a timeline, a line of the audit for each step, and a message', async () => {
    const at = machine.time.nowMs();
    const id = await vendingOn(machine, 1);
    const { time, kiosk, memberId, rewardId } = machine;
    const { vendByMs, longestVendMs } = defaultTimeouts;
    const open = await redemption(id);
    expect(open).to.deep.include({
      kind: 'walk_up',
      kiosk_id: kiosk.kioskId,
      slot: 1,
      reward_id: rewardId,
      member_id: memberId,
      session_id: kiosk.sessionId,
      price: PRICE,
      state: 'vending',
      problem: null,
      overdue_at: at + vendByMs + longestVendMs,
      overdue_since: null,
      outcome: null,
      evidence: null,
      decided_by: null,
      events: 2,
      created_at: at,
      updated_at: at,
      ended_at: null,
    });
    await time.pass(7);
    expectFine(await kiosk.outcome(id, 1, 'dropped'));
    expect(await redemption(id)).to.deep.equal({
      ...open,
      state: 'captured',
      overdue_at: null,
      outcome: 'dropped',
      evidence: JSON.stringify(evidence),
      decided_by: 'kiosk',
      events: 3,
      updated_at: at + 7,
      ended_at: at + 7,
    });
    expect(await timeline(id)).to.deep.equal([
      [1, 'authorise', 'none', 'held', {}],
      [2, 'vending', 'held', 'vending', { slot: 1 }],
      [3, 'dropped', 'vending', 'captured', { slot: 1, evidence }],
    ]);
    const facts = { kiosk: kiosk.kioskId, slot: 1, points: PRICE, member: memberId };
    const trail = (await auditTrail(machine, 20)).filter(([, subject]) => subject === `redemption:${id}`);
    expect(trail).to.deep.equal([
      ['redemption.authorise', `redemption:${id}`, { ...facts, from: 'none', to: 'held' }],
      ['redemption.vending', `redemption:${id}`, { ...facts, from: 'held', to: 'vending' }],
      ['redemption.dropped', `redemption:${id}`, { ...facts, from: 'vending', to: 'captured' }],
    ]);
    const [message] = await messages();
    expect(message).to.include({ kind: 'redemption_captured', member_id: memberId });
    const words = `${message?.subject ?? ''} ${message?.body ?? ''}`;
    for (const word of ['Tea', 'Station', String(PRICE)]) expect(words).to.include(word);
  });

  it('is nothing where a repeat moves nothing', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.vending(id, 1));
    expectFine(await machine.kiosk.authorise(id, 1));
    expect((await redemption(id)).events).to.equal(2);
  });

  it('answers an authorisation with the state, the time to vend, the points left and a signed grant, also when asked again', async () => {
    const id = machine.kiosk.newId();
    const first = await machine.kiosk.authorise(id, 1);
    const { vendByMs } = defaultTimeouts;
    const { grant_text: grant } = await redemption(id);
    expect(first).to.deep.equal({ ok: true, state: 'held', vendByMs, pointsAfter: 3000 - PRICE, grant });
    expect(grant).to.match(/^G1\./);
    expect(await machine.kiosk.authorise(id, 1)).to.deep.equal(first);
    expectFine(await machine.kiosk.vending(id, 1));
    expect(await machine.kiosk.authorise(id, 1)).to.deep.equal({ ...first, state: 'vending' });
  });

  it('is a tombstone where it was refused: the first refusal for ever, at its kiosk alone', async () => {
    const id = machine.kiosk.newId();
    const refused = await machine.kiosk.authorise(id, 1, { price: PRICE + 1 });
    expect(refused).to.deep.equal({ ok: false, problem: problem('price_changed', { facts: { price: PRICE } }) });
    expect(await machine.kiosk.authorise(id, 1)).to.deep.equal(refused);
    expect(await redemption(id)).to.deep.include({
      state: 'refused',
      kind: 'walk_up',
      slot: null,
      reward_id: null,
      member_id: null,
      session_id: null,
      price: 0,
      decided_by: 'server',
      ended_at: machine.time.nowMs(),
      extra_drops: 0,
      corrections: 0,
    });
    expect(await timeline(id)).to.deep.equal([[1, 'refuse', 'none', 'refused', { code: 'price_changed' }]]);
    const given = machine.kiosk.newId();
    expectFine(await machine.kiosk.ask('abandon', { redemptionId: given, journalHead: machine.kiosk.write() }));
    const again = await machine.kiosk.authorise(given, 1);
    expect(again).to.deep.equal({ ok: false, problem: problem('redemption_refused') });
  });

  it('is refused for what the member, the gift or the machine is by then', async () => {
    const { server, memberId, rewardId, kiosk } = machine;
    const refusal = async (change: Parameters<typeof kiosk.authorise>[2] = {}): Promise<unknown> => {
      const answer = await kiosk.authorise(kiosk.newId(), 1, change);
      return answer.ok ? answer : answer.problem;
    };
    const { planogram } = kiosk.config!;
    const stale = problem('planogram_changed', { facts: { planogramVersion: planogram.version } });
    expect(await refusal({ planogramVersion: planogram.version - 1 })).to.deep.equal(stale);
    expect(await refusal({ slot: 9 })).to.deep.equal(stale);
    expect(await refusal({ rewardId: kiosk.newId() })).to.deep.equal(problem('reward_unavailable'));
    expect(await refusal({ sessionId: kiosk.newId() })).to.have.property('code', 'session_over');
    const withdrawn = { state: 'withdrawn' } as const;
    expectFine(await machine.staff('a', (tx) => server.alliance.rewards.change(tx, rewardId, withdrawn)));
    expect(await refusal()).to.deep.equal(problem('reward_unavailable'));
    expectFine(await machine.staff('a', (tx) => server.alliance.members.setState(tx, memberId, 'suspended')));
    expect(await refusal()).to.deep.equal(problem('member_suspended'));
  });

  it('counts how often a member had a gift, and gives that back with the gift', async () => {
    await machine.close();
    machine = await openMachine({ limit: 2 });
    await signIn(machine);
    const { memberId, rewardId, kiosk } = machine;
    const limited = (perMemberLimit: number | null) =>
      machine.server.mainJob.redemptions.limitedFor(db(), memberId, [
        { rewardId, perMemberLimit },
        { rewardId: 'other', perMemberLimit: null },
        { rewardId: 'third', perMemberLimit: 1 },
      ]);
    const first = await vendingOn(machine, 1);
    expect([await limited(1), await limited(2), await limited(null)]).to.deep.equal([[rewardId], [], []]);
    await vendingOn(machine, 2);
    expect(await limited(2)).to.deep.equal([rewardId]);
    const third = await kiosk.authorise(kiosk.newId(), 3);
    expect(third).to.deep.equal({ ok: false, problem: problem('limit_reached', { facts: { limit: 2 } }) });
    expectFine(await kiosk.outcome(first, 1, 'not_dropped'));
    expect(await limited(2)).to.deep.equal([]);
    expect(await kiosk.authorise(kiosk.newId(), 3)).to.include({ ok: true });
  });

  it('is sold out where every unit is held', async () => {
    await machine.close();
    machine = await openMachine({ units: 1 });
    await signIn(machine);
    expectFine(await machine.kiosk.authorise(machine.kiosk.newId(), 1));
    const second = await machine.kiosk.authorise(machine.kiosk.newId(), 1);
    expect(second).to.deep.equal({ ok: false, problem: problem('out_of_stock') });
  });

  it('says who ended it', async () => {
    const ended = async (id: string): Promise<unknown[]> => {
      const { state, decided_by } = await redemption(id);
      return [state, decided_by];
    };
    const absent = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(absent, 1, 'not_dropped'));
    expect(await ended(absent)).to.deep.equal(['released', 'kiosk']);
    const abandoned = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(abandoned, 1));
    expectFine(await machine.kiosk.ask('abandon', { redemptionId: abandoned, journalHead: machine.kiosk.write() }));
    expect(await ended(abandoned)).to.deep.equal(['released', 'kiosk']);
    const counted = await doubtOn(machine, 2);
    const found = { counted: 5, tray: 0 };
    const key = { kioskId: machine.kiosk.kioskId, slot: 2 };
    expectFine(await machine.staff('a', (tx) => machine.server.mainJob.counts.count(tx, key, found)));
    expect(await ended(counted)).to.deep.equal(['released', 'count']);
    expect((await timeline(counted)).at(-1)).to.deep.equal([
      4,
      'count_absent',
      'in_doubt',
      'released',
      { by: 'count' },
    ]);
    const unasked = machine.kiosk.newId();
    expectFine(await machine.kiosk.authorise(unasked, 3));
    expectFine(await machine.kiosk.hello(machine.connect(), []));
    expect(await ended(unasked)).to.deep.equal(['released', 'journal']);
  });

  it('keeps the evidence that ended it, whatever the kiosk says later', async () => {
    const id = await vendingOn(machine, 1);
    expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
    const before = await redemption(id);
    expectFine(await machine.kiosk.outcome(id, 1, 'not_dropped', { reason: 'beam_clear' }));
    expect(await redemption(id)).to.deep.equal({ ...before, events: before.events + 1 });
    expect((await timeline(id)).at(-1)).to.deep.equal([
      4,
      'outcome_conflict',
      'captured',
      'captured',
      {
        outcome: 'not_dropped',
        slot: 1,
        evidence: {
          drops: 0,
          beamBefore: 'alive',
          beamAfter: 'alive',
          rotated: 'no',
          reason: 'beam_clear',
        },
      },
    ]);
    const [open] = await machine.server.mainJob.resolutions.discrepancies(db(), { limit: 1 });
    expect(open).to.deep.include({
      redemption_id: id,
      kiosk_id: machine.kiosk.kioskId,
      event: 'outcome_conflict',
      state_then: 'captured',
      state: 'open',
      opened_at: machine.time.nowMs(),
      closed_at: null,
    });
    expect(JSON.parse(open?.detail ?? '')).to.include({ reason: 'beam_clear' });
  });

  it('falls out of the slot that was reserved, where the kiosk names one that is not there', async () => {
    const id = await vendingOn(machine, 1);
    expect(await machine.kiosk.outcome(id, 77, 'dropped')).to.deep.equal({
      ok: true,
      state: 'captured',
      points: 3000 - PRICE,
    });
    expect(await machine.slot(1)).to.include({ onHand: 4, reserved: 0 });
  });

  describe('when two staff decide', () => {
    const resolutions = () => machine.server.mainJob.resolutions;
    const codeOf = (answer: { ok: boolean; error?: unknown }): ProblemCode | undefined =>
      (answer.error as { code: ProblemCode } | undefined)?.code;
    const propose = async (id: string, verdict: 'captured' | 'released', who = 'a') => {
      const made = await machine.staff(who, (tx) => resolutions().propose(tx, id, { verdict, reason: 'camera' }));
      if (!made.ok) throw new Error(made.error.code);
      return made.value;
    };
    const confirm = (id: string, resolutionId: string, who = 'b') =>
      machine.staff(who, (tx) => resolutions().confirm(tx, resolutionId, { redemptionId: id }));

    it('is written down: the proposal, its confirmation, and that all others are overtaken', async () => {
      const id = await doubtOn(machine, 1);
      const at = machine.time.nowMs();
      const proposal = await propose(id, 'released');
      expect(proposal).to.deep.include({
        redemption_id: id,
        discrepancy_id: null,
        verdict: 'released',
        reason: 'camera',
        state: 'proposed',
        proposed_by: 'admin:a',
        proposed_at: at,
        confirmed_by: null,
        confirmed_at: null,
      });
      const { resolution_id: resolutionId } = proposal;
      const facts = { resolutionId, verdict: 'released', reason: 'camera' };
      expect(await auditTrail(machine, 1)).to.deep.equal([['resolution.proposed', `redemption:${id}`, facts]]);
      const other = await propose(id, 'captured', 'c');
      await machine.time.pass(3);
      const confirmed = await confirm(id, resolutionId);
      expect(confirmed.ok && confirmed.value).to.deep.equal({
        ...proposal,
        state: 'confirmed',
        confirmed_by: 'admin:b',
        confirmed_at: at + 3,
      });
      expect(await auditTrail(machine, 1)).to.deep.equal([
        ['resolution.confirmed', `redemption:${id}`, { resolutionId, verdict: 'released', proposedBy: 'admin:a' }],
      ]);
      expect(await redemption(id)).to.include({ state: 'released', decided_by: 'staff' });
      const events = await timeline(id);
      expect(events.slice(-3)).to.deep.equal([
        [4, 'proposed', 'in_doubt', 'in_doubt', { verdict: 'released', reason: 'camera' }],
        [5, 'proposed', 'in_doubt', 'in_doubt', { verdict: 'captured', reason: 'camera' }],
        [
          6,
          'staff_released',
          'in_doubt',
          'released',
          { proposedBy: 'admin:a', confirmedBy: 'admin:b', reason: 'camera' },
        ],
      ]);
      expect((await resolutions().of(db(), id)).map((row) => [row.resolution_id, row.state])).to.have.deep.members([
        [resolutionId, 'confirmed'],
        [other.resolution_id, 'overtaken'],
      ]);
    });

    it('is about what is in doubt alone, and about itself', async () => {
      const { kiosk } = machine;
      const held = await vendingOn(machine, 2);
      const wrong = { verdict: 'captured', reason: 'x' } as const;
      expect(await machine.staff('a', (tx) => resolutions().propose(tx, held, wrong))).to.deep.equal(
        err(problem('conflict', { facts: { state: 'vending' } })),
      );
      expect(await machine.staff('a', (tx) => resolutions().propose(tx, kiosk.newId(), wrong))).to.deep.equal(
        err(problem('not_found')),
      );
      expectFine(await kiosk.outcome(held, 2, 'dropped'));
      expect(await machine.staff('a', (tx) => resolutions().propose(tx, held, wrong))).to.deep.equal(
        err(problem('already_resolved', { facts: { state: 'captured' } })),
      );
      const id = await doubtOn(machine, 1);
      const { resolution_id: resolutionId } = await propose(id, 'released');
      expect(codeOf(await confirm(held, resolutionId))).to.equal('not_found');
      expect(codeOf(await confirm(id, kiosk.newId()))).to.equal('not_found');
      const asDiscrepancy = await machine.staff('b', (tx) =>
        resolutions().confirm(tx, resolutionId, { discrepancyId: kiosk.newId() }),
      );
      expect(codeOf(asDiscrepancy)).to.equal('not_found');
      expect(codeOf(await confirm(id, resolutionId, 'a'))).to.equal('second_person_required');
      const operator = await machine.server.foundation.commands.run({
        name: 'test',
        actor: 'admin:operator',
        work: (tx) => resolutions().confirm(tx, resolutionId, { redemptionId: id }),
      });
      expect(operator).to.have.nested.property('error.detail').that.includes('a file, not a person');
      const found = { counted: 5, tray: 0 };
      const key = { kioskId: kiosk.kioskId, slot: 1 };
      expectFine(await machine.staff('c', (tx) => machine.server.mainJob.counts.count(tx, key, found)));
      expect(await confirm(id, resolutionId)).to.deep.equal(
        err(problem('already_resolved', { facts: { state: 'released' } })),
      );
    });

    /** A redemption that was released, and that the kiosk then says has fallen. */
    const contradicted = async (): Promise<{ id: string; discrepancyId: string }> => {
      const { kiosk } = machine;
      const id = kiosk.newId();
      expectFine(await kiosk.authorise(id, 1));
      expectFine(await kiosk.hello(machine.connect(), []));
      expectFine(await kiosk.outcome(id, 1, 'dropped'));
      const [open] = await resolutions().discrepancies(db(), { limit: 1, state: 'open' });
      return { id, discrepancyId: open?.discrepancy_id ?? '' };
    };
    const decide = async (discrepancyId: string, verdict: 'captured' | 'released' | 'dismissed') => {
      const made = await machine.staff('a', (tx) =>
        resolutions().proposeFor(tx, discrepancyId, { verdict, reason: 'camera' }),
      );
      if (!made.ok) return made;
      return machine.staff('b', (tx) => resolutions().confirm(tx, made.value.resolution_id, { discrepancyId }));
    };

    it('corrects the books of what had ended, once for each turn of the verdict', async () => {
      const { id, discrepancyId } = await contradicted();
      expectFine(await decide(discrepancyId, 'captured'));
      expect(await redemption(id)).to.include({ state: 'released', corrections: 1 });
      expect((await timeline(id)).at(-1)?.at(-1)).to.deep.equal({ verdict: 'captured', moves: true });
      expect(await machine.balances()).to.include({ available: 3000 - PRICE });
      expect(await machine.slot(1)).to.include({ onHand: 4, inService: false });
      expect(codeOf(await decide(discrepancyId, 'captured'))).to.equal('already_resolved');
      expect(codeOf(await decide(machine.kiosk.newId(), 'captured'))).to.equal('not_found');
      const closed = await resolutions().discrepancies(db(), { limit: 9, state: 'closed' });
      expect(closed.map((row) => [row.discrepancy_id, row.closed_at])).to.deep.equal([
        [discrepancyId, machine.time.nowMs()],
      ]);
      expectFine(await machine.kiosk.outcome(id, 1, 'unknown'));
      const [next] = await resolutions().discrepancies(db(), { limit: 1, state: 'open' });
      expectFine(await decide(next?.discrepancy_id ?? '', 'released'));
      expect(await redemption(id)).to.include({ state: 'released', corrections: 2 });
      expect(await machine.balances()).to.include({ available: 3000 });
      expect(await machine.slot(1)).to.include({ onHand: 5 });
    });

    it('moves nothing where the books say so already, or the contradiction is dismissed', async () => {
      const { id, discrepancyId } = await contradicted();
      expectFine(await decide(discrepancyId, 'released'));
      expect((await timeline(id)).at(-1)?.at(-1)).to.deep.equal({ verdict: 'released', moves: false });
      expect(await redemption(id)).to.include({ corrections: 0 });
      const fallen = await vendingOn(machine, 2);
      expectFine(await machine.kiosk.outcome(fallen, 2, 'dropped'));
      expectFine(await machine.kiosk.outcome(fallen, 2, 'not_dropped'));
      const [open] = await resolutions().discrepancies(db(), { limit: 1, state: 'open' });
      expectFine(await decide(open?.discrepancy_id ?? '', 'dismissed'));
      expect(await redemption(fallen)).to.include({ corrections: 0 });
      expect(await machine.balances()).to.include({ available: 3000 - PRICE });
    });

    it('gives back what was captured and had not fallen, and the member may have it again', async () => {
      await machine.close();
      machine = await openMachine({ limit: 1 });
      await signIn(machine);
      const id = await vendingOn(machine, 1);
      expectFine(await machine.kiosk.outcome(id, 1, 'dropped'));
      expectFine(await machine.kiosk.outcome(id, 1, 'not_dropped'));
      const [open] = await resolutions().discrepancies(db(), { limit: 1, state: 'open' });
      expectFine(await decide(open?.discrepancy_id ?? '', 'released'));
      expect(await redemption(id)).to.include({ state: 'captured', corrections: 1 });
      expect(await machine.balances()).to.include({ available: 3000 });
      expect(await machine.slot(1)).to.include({ onHand: 5 });
      expect(await machine.kiosk.authorise(machine.kiosk.newId(), 1)).to.include({ ok: true });
    });
  });
});
