import { expect } from 'chai';
import { hanging } from '../support/fake-dispenser.ts';
import { idOf, qr, sampleConfig, tea } from '../support/samples.ts';
import { World } from '../support/world.ts';

describe('link to the server', () => {
  it('says who it is, signed, with a counter that rises through restarts and reconnections', async () => {
    const world = await World.serving();
    world.server.cut();
    await world.when(() => world.server.hellos.length === 2, 'a second hello');
    world.kill();
    await world.start();
    await world.when(() => world.server.hellos.length === 3, 'a third hello');
    expect(world.server.hellos.map(({ counter }) => counter)).to.deep.equal([1, 2, 3]);
    const [first, , third] = world.server.hellos;
    expect(third!.journal.epoch).to.equal(first!.journal.epoch);
    expect(first!.configRevision).to.equal(0);
    expect(third!.configRevision).to.equal(10);
  });

  it('names what is open when it comes back', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, tea.rewardId);
    await world.when(() => world.daemon.controller.state === 'vending', 'vending');
    world.server.cut();
    await world.when(() => world.server.hellos.length === 2, 'hello');
    const [open] = world.server.hellos[1]!.open;
    expect(open?.state).to.be.oneOf(['vending', 'dropped']);
    await world.when(() => [...world.server.books.values()].join() === 'captured', 'the report');
  });

  for (const [code, reason] of [
    ['kiosk_revoked', 'revoked'],
    ['journal_lost', 'journal_damaged'],
    ['bad_signature', 'not_enrolled'],
    ['kiosk_cloned', 'revoked'],
  ] as const) {
    it(`refused with ${code}: out of service, no pick-ups`, async () => {
      const world = await World.serving();
      world.server.refusing.set('hello', code);
      world.server.cut();
      await world.until('out_of_service');
      await world.pass(10_000);
      expect(world.screen).to.deep.include({ pickupPossible: false });
      expect(world.screen.name === 'out_of_service' && world.screen.reasons).to.include(reason);
      world.server.refusing.clear();
      await world.pass(120_000);
      // A cloned identity does not fight for its place.
      expect(world.screen.name).to.equal(code === 'kiosk_cloned' ? 'out_of_service' : 'attract');
    });
  }

  it('leaves when a newer connection took over, and comes back', async () => {
    const world = await World.serving();
    world.server.cut('kiosk_superseded');
    await world.when(() => world.server.hellos.length === 2, 'hello');
    await world.until('attract');
  });

  it('ignores what is not in the protocol', async () => {
    const world = await World.serving();
    const before = JSON.stringify(world.snapshot);
    for (const garbage of [null, 1, 'x', [], {}, { planogram: 1 }, { ...sampleConfig(), rewards: 'all' }]) {
      world.server.pushRaw('config', garbage);
      world.server.pushRaw('closing', garbage);
      world.server.pushRaw('never_heard_of', garbage);
    }
    await world.pass(100);
    expect(JSON.stringify(world.snapshot)).to.equal(before);
    expect(world.said('link_bad_message')).to.equal(true);
    expect(await world.counted('door="link"', 'code="malformed"')).to.equal(21);
  });

  it('keeps the newer configuration where an older push comes late', async () => {
    const world = await World.serving();
    const renamed = (revision: number, kioskName: string) =>
      sampleConfig({ kioskName, planogram: { ...sampleConfig().planogram, revision } });
    world.server.push(renamed(30, 'new'));
    world.server.push(renamed(29, 'old'));
    await world.pass(100);
    expect(world.snapshot.kioskName).to.equal('new');
  });

  it('backs off while the server is away, and does not hammer it', async () => {
    const world = await World.serving();
    world.server.up = false;
    world.server.cut();
    await world.pass(600_000);
    world.server.up = true;
    await world.when(() => world.snapshot.online, 'the server');
    expect(world.server.hellos.length).to.equal(2);
  });

  it('shows the configuration of the last time where the server is away at the start', async () => {
    const world = await World.serving();
    world.kill();
    world.server.up = false;
    await world.start();
    await world.pass(5000);
    expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: ['no_server'], help: '+49 123' });
  });
});

describe('reports', () => {
  it('are sent in order, again and again, until the server has decided', async () => {
    const world = await World.serving();
    world.dispenser.reports.push(hanging);
    for (const name of ['outcome', 'variance'] as const) world.server.refusing.set(name, 'overloaded');
    await world.confirmTea(qr, tea.rewardId);
    await world.until('failed');
    world.dispenser.strayDrop(1);
    await world.pass(60_000);
    const tries = world.server.of('outcome').length;
    expect(tries).to.be.within(3, 20);
    expect(world.server.of('variance')).to.deep.equal([]);
    world.server.refusing.clear();
    await world.pass(60_000);
    const after = world.server.sent.filter(({ name }) => name === 'outcome' || name === 'variance').slice(tries);
    expect(after.map(({ name }) => name)).to.deep.equal(['outcome', 'variance', 'variance']);
    expect(world.server.of('variance').map(({ kind }) => kind)).to.deep.equal(['slot_out_of_service', 'stray_drop']);
  });

  it('are sent again where the answer was lost, and only once more', async () => {
    const world = await World.serving();
    world.server.mute.add('outcome');
    await world.confirmTea(qr, tea.rewardId);
    await world.when(() => world.server.of('outcome').length === 1, 'the report');
    world.server.mute.clear();
    await world.pass(600_000);
    expect(world.server.of('outcome')).to.have.length(2);
    expect(world.server.of('outcome')[0]!.redemptionId).to.equal(world.server.of('outcome')[1]!.redemptionId);
  });

  it('do not stand in the way of later ones where the server refuses one for good', async () => {
    const world = await World.serving();
    world.server.refusing.set('variance', 'invalid_fields');
    world.dispenser.strayDrop(1);
    await world.pass(1000);
    expect(world.said('report_refused')).to.equal(true);
    await world.confirmTea(qr, tea.rewardId);
    await world.when(() => [...world.server.books.values()].join() === 'captured', 'the report');
  });

  it('tell of a drop outside of any vend and of an opened door, and never credit them', async () => {
    const world = await World.serving();
    world.dispenser.strayDrop(1);
    world.dispenser.set({ door: 'open' });
    world.dispenser.set({ door: 'closed' });
    await world.when(() => world.server.of('variance').length === 2, 'the variances');
    expect(world.server.of('variance').map(({ kind }) => kind)).to.deep.equal(['stray_drop', 'door_opened']);
    expect(world.server.books.size).to.equal(0);
  });

  it('tell a restored server what it forgot, before anything else', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, tea.rewardId);
    await world.when(() => [...world.server.books.values()].join() === 'captured', 'the report');
    expect(world.server.of('replay_grant')).to.deep.equal([]);
    world.server.ledgerEpoch = idOf(51);
    world.server.books.clear();
    world.server.cut();
    world.dispenser.strayDrop(1);
    await world.when(() => world.server.of('variance').length === 1, 'the variance');
    const [grant] = world.server.of('replay_grant');
    expect(grant).to.deep.include({ outcome: 'dropped', slot: 1 });
    expect(grant?.grant).to.match(/^g-/);
    const names = world.server.sent.map(({ name }) => name);
    expect(names.indexOf('replay_grant')).to.be.lessThan(names.indexOf('variance'));
    world.server.cut();
    await world.when(() => world.server.hellos.length === 3, 'hello');
    await world.pass(1000);
    expect(world.server.of('replay_grant'), 'told once').to.have.length(1);
  });
});
