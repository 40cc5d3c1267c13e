import { expect } from 'chai';
import { qr, tea } from './support/samples.ts';
import { World } from './support/world.ts';

describe('a whole redemption', () => {
  it('goes from attract to the gift, the report and back', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    expect(world.snapshot.member).to.deep.equal({ maskedName: 'W•• L••', points: 1000 });
    expect(world.tap({ type: 'choose', rewardId: tea.rewardId })).to.equal('ok');
    const confirm = await world.until('confirm');
    expect(confirm.pointsAfter).to.equal(700);
    expect(world.tap({ type: 'confirm' })).to.equal('ok');
    await world.until('dispensing');
    const take = await world.until('take');
    expect(take.pointsLeft).to.equal(700);
    expect(world.dispenser.pulses).to.deep.equal([1]);
    await world.when(() => world.server.of('outcome').length === 1, 'the report');
    expect([...world.server.books.values()]).to.deep.equal(['captured']);
    expect(await world.counted('redemptions_total', 'end="dropped"')).to.equal(1);
    world.dispenser.set({ tray: 'empty' });
    expect(world.tap({ type: 'end' })).to.equal('ok');
    const attract = await world.until('attract');
    expect(attract.gifts).to.have.length(2);
    expect(world.snapshot.member).to.equal(null);
    expect(world.died).to.equal(null);
  });
});
