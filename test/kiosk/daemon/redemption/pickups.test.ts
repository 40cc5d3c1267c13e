import { expect } from 'chai';
import { hanging } from '../support/fake-dispenser.ts';
import { idOf, kioskId, pickupCode, sampleConfig, START_MS, tea } from '../support/samples.ts';
import { World } from '../support/world.ts';

/** A kiosk that has met its server once and has lost it since. */
async function alone(): Promise<World> {
  const world = await World.serving();
  world.server.books.set(idOf(30), 'held');
  world.server.up = false;
  world.server.cut();
  await world.until('out_of_service');
  return world;
}

async function shown(world: World, code: string): Promise<string> {
  world.scanner.read(code);
  return (await world.until('failed')).code;
}

describe('pick-up of a web order', () => {
  it('works without the server, once, and is reported later', async () => {
    const world = await alone();
    expect(world.screen).to.deep.include({ pickupPossible: true });
    world.scanner.read(pickupCode(30));
    await world.until('dispensing');
    const take = await world.until('take');
    expect(take).to.deep.include({ pointsLeft: null, another: false });
    expect(take.gift).to.deep.include({ rewardId: tea.rewardId, price: 250 });
    expect(world.dispenser.pulses, 'the slot with a reserved unit').to.deep.equal([2]);
    world.dispenser.set({ tray: 'empty' });
    await world.until('out_of_service');
    expect(await shown(world, pickupCode(30))).to.equal('pickup_code_used');
    world.server.up = true;
    await world.when(() => world.server.books.get(idOf(30)) === 'captured', 'the report');
    expect(world.dispenser.pulses).to.have.length(1);
  });

  it('remembers a used code through a restart and a power cut', async () => {
    const world = await alone();
    world.scanner.read(pickupCode(30));
    await world.until('take');
    world.kill();
    world.disk.crash(true);
    await world.start();
    await world.until('out_of_service');
    await world.pass(5000);
    expect(await shown(world, pickupCode(30))).to.equal('pickup_code_used');
  });

  it('refuses codes that are forged, expired, of another kiosk, or without a gift here', async () => {
    const world = await World.serving();
    const forged = pickupCode(30).replace(/.(?=.{9}$)/, (sign) => (sign === 'A' ? 'B' : 'A'));
    expect(await shown(world, forged)).to.equal('pickup_code_invalid');
    world.tap({ type: 'end' });
    expect(await shown(world, pickupCode(31, { expiresAtMs: START_MS - 1 }))).to.equal('pickup_code_expired');
    world.tap({ type: 'end' });
    expect(await shown(world, pickupCode(32, { kioskId: kioskId.replace(/.$/, '7') }))).to.equal('pickup_code_invalid');
    world.tap({ type: 'end' });
    const { planogram } = sampleConfig();
    const empty = planogram.slots.map((slot) => ({
      ...slot,
      onHand: slot.rewardId === tea.rewardId ? 0 : slot.onHand,
    }));
    world.server.push(sampleConfig({ planogram: { ...planogram, revision: 11, slots: empty } }));
    world.tap({ type: 'end' });
    await world.pass(100);
    expect(await shown(world, pickupCode(33))).to.equal('out_of_stock');
    expect(world.dispenser.pulses).to.deep.equal([]);
  });

  it('gives the code back where the machine was not ready', async () => {
    const world = await alone();
    world.dispenser.prepareProblem = { code: 'busy', detail: '' };
    expect(await shown(world, pickupCode(30))).to.equal('never_energised');
    world.dispenser.prepareProblem = undefined;
    world.tap({ type: 'end' });
    world.scanner.read(pickupCode(30));
    await world.until('take');
  });

  it('ends the order where nothing fell', async () => {
    const world = await alone();
    world.dispenser.reports.push(hanging);
    expect(await shown(world, pickupCode(30))).to.equal('not_dropped');
    world.tap({ type: 'end' });
    expect(await shown(world, pickupCode(30))).to.equal('pickup_code_used');
    world.server.up = true;
    await world.when(() => world.server.books.get(idOf(30)) === 'released', 'the release');
  });

  it('journals a revocation before it is answered, and refuses the code for ever', async () => {
    const world = await World.serving();
    world.server.books.set(idOf(30), 'held');
    world.server.push(sampleConfig({ revokedPickups: [idOf(30)] }));
    await world.when(() => world.server.books.get(idOf(30)) === 'released', 'the answer');
    world.server.push(sampleConfig({ planogram: { ...sampleConfig().planogram, revision: 12 } }));
    await world.pass(100);
    expect(await shown(world, pickupCode(30))).to.equal('pickup_code_used');
    expect(world.server.of('revoked')).to.have.length(1);
  });

  it('stops a pick-up that is withdrawn while it is being prepared', async () => {
    const world = await World.serving();
    world.server.books.set(idOf(30), 'held');
    world.scanner.read(pickupCode(30));
    await world.when(() => world.daemon.controller.state === 'preparing', 'preparing');
    world.server.push(sampleConfig({ revokedPickups: [idOf(30)] }));
    expect((await world.until('failed')).code).to.equal('pickup_code_invalid');
    await world.when(() => world.server.books.get(idOf(30)) === 'released', 'the answer');
    expect(world.dispenser.pulses).to.deep.equal([]);
  });

  it('does not withdraw what has begun to vend', async () => {
    const world = await World.serving();
    world.server.books.set(idOf(30), 'held');
    world.scanner.read(pickupCode(30));
    await world.when(() => world.daemon.controller.state === 'vending', 'vending');
    world.server.push(sampleConfig({ revokedPickups: [idOf(30)] }));
    await world.until('take');
    await world.when(() => world.server.books.get(idOf(30)) === 'captured', 'the report');
    expect(world.server.of('revoked')).to.deep.equal([]);
  });

  it('refuses what the server says was used, which a new journal cannot know', async () => {
    const world = await World.enrolled();
    world.server.up = false;
    await world.start();
    await world.pass(5000);
    expect(world.screen, 'never met the server').to.deep.include({ pickupPossible: false });
    world.scanner.read(pickupCode(30));
    expect((await world.until('failed')).code).to.equal('unavailable');
    world.tap({ type: 'end' });
    world.server.config = sampleConfig({ usedPickups: [idOf(30)] });
    world.server.up = true;
    await world.until('attract');
    expect(await shown(world, pickupCode(30))).to.equal('pickup_code_used');
  });
});
