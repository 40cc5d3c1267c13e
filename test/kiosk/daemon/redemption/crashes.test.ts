import { daemonFailpoints, type DaemonFailpoint } from '@tessera/kiosk-daemon/platform/failpoints';
import { expect } from 'chai';
import { idOf, pickupCode, qr, sampleConfig, tea } from '../support/samples.ts';
import { hanging, unseen, type dropped } from '../support/fake-dispenser.ts';
import { World } from '../support/world.ts';

/** Lets the world run until everything that can be settled is. */
async function settled(world: World): Promise<void> {
  await world.pass(120_000);
  expect(world.died).to.equal(null);
}

/** A kiosk that dies at a failpoint while it serves a walk-up; started again, with or without a power cut between. */
async function crashAt(name: DaemonFailpoint, powerCut: boolean, report?: typeof dropped): Promise<World> {
  const world = await World.enrolled({ seed: name.length + (powerCut ? 100 : 0) });
  if (report) world.dispenser.reports.push(report);
  await world.start(name);
  await world.pass(3_000);
  if (world.isAlive()) {
    world.scanner.read(qr);
    await world.pass(200);
    if (world.isAlive() && world.screen.name === 'choose') {
      world.tap({ type: 'choose', rewardId: tea.rewardId });
      world.tap({ type: 'confirm' });
      await world.pass(20_000);
    }
  }
  world.kill();
  world.disk.crash(powerCut);
  await world.start();
  await settled(world);
  return world;
}

/** What must hold of one redemption, whatever failed. */
function expectHonest(world: World, falls: boolean): void {
  const { pulses } = world.dispenser;
  expect(pulses.length, 'energised at most once').to.be.at.most(1);
  const states = [...world.server.books.values()];
  expect(states.length).to.be.at.most(1);
  for (const state of states) {
    expect(state, 'ended, or honestly in doubt').to.be.oneOf(['captured', 'released', 'refused', 'in_doubt']);
    if (pulses.length === 0) expect(state).to.not.equal('captured');
    if (state === 'captured') expect(falls).to.equal(true);
    if (state === 'released' || state === 'refused') expect(pulses.length === 1 && falls).to.equal(false);
  }
  if (pulses.length > 0) expect(states, 'the server knows of it').to.have.length(1);
}

describe('a daemon that dies', () => {
  for (const powerCut of [false, true]) {
    describe(powerCut ? 'with a power cut' : 'as a process', () => {
      for (const name of daemonFailpoints) {
        it(`at ${name}`, async () => {
          const world = await crashAt(name, powerCut);
          expectHonest(world, true);
          expect(world.screen.name).to.be.oneOf(['attract', 'out_of_service']);
        });
      }
      it('at any failpoint while nothing falls', async () => {
        for (const name of daemonFailpoints) expectHonest(await crashAt(name, powerCut, hanging), false);
      });
    });
  }

  it('while a vend is unseen: in doubt, slot out, told after the restart', async () => {
    const world = await crashAt('daemon.journal.unknown.before', false, unseen);
    expect([...world.server.books.values()]).to.deep.equal(['in_doubt']);
    expect(world.server.of('outcome')[0]!.evidence.reason).to.equal('restarted');
  });

  it('twice on energising one slot: that slot is out of service, and the server is told', async () => {
    const world = await World.enrolled();
    const { planogram } = sampleConfig();
    const slots = planogram.slots.filter(({ slot }) => slot === 1);
    for (const round of [1, 2]) {
      const back = slots.map((slot) => ({ ...slot, serviceEpoch: round }));
      world.server.config = sampleConfig({ planogram: { ...planogram, revision: 10 + round, slots: back } });
      await world.start('daemon.pulse.before');
      await world.until('attract');
      await world.confirmTea(qr, tea.rewardId);
      await world.when(() => world.died !== null, 'the crash');
      world.dispenser.pulses.length = 0;
    }
    await world.start();
    await settled(world);
    const reasons = world.server.of('variance').map(({ kind, reason, slot }) => [kind, reason, slot]);
    expect(reasons).to.deep.equal([['slot_out_of_service', 'crash_on_energise', 1]]);
    expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: ['slots_out_of_service'] });
  });

  it('at any failpoint of a pick-up: the code drops one gift at most, and is not lost before a drop was possible', async () => {
    for (const name of daemonFailpoints.filter((each) => !each.includes('identify'))) {
      const world = await World.enrolled();
      const id = idOf(30);
      world.server.books.set(id, 'held');
      await world.start(name);
      await world.pass(3_000);
      if (world.isAlive()) {
        world.scanner.read(pickupCode(30));
        await world.pass(20_000);
      }
      world.kill();
      await world.start();
      await settled(world);
      const drops = world.dispenser.pulses.length;
      world.dispenser.set({ tray: 'empty' });
      world.scanner.read(pickupCode(30));
      await world.pass(120_000);
      expect(world.dispenser.pulses.length, name).to.be.at.most(1);
      const state = world.server.books.get(id);
      if (drops === 1) expect(state, name).to.be.oneOf(['captured', 'in_doubt']);
      else expect(state, name).to.be.oneOf(['captured', 'in_doubt']);
    }
  });
});
