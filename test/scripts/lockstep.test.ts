import { expect } from 'chai';
import { differences } from '@tessera/scripts/faults/lockstep/end-state';
import { play, shortScript } from '@tessera/scripts/faults/lockstep/script';
import { simulatedHands } from '@tessera/scripts/faults/lockstep/simulated-hands';
import { SimulatedCrash } from '@tessera/scripts/simulate/incarnation';

const setup = {
  prices: [320, 180, 860, 1280, 120, 1980, 260, 450],
  stock: [8, 10, 6, 6, 12, 4, 8, 8].map((capacity) => ({ capacity, goods: capacity })),
};

/** `npm run faults:lockstep` plays the script with real processes too; here the simulation plays it alone. */
describe('lock-step', function () {
  this.timeout(60_000);

  const ignoreTheDead = (cause: unknown): void => {
    if (!(cause instanceof SimulatedCrash)) throw cause;
  };
  let others: NodeJS.UnhandledRejectionListener[] = [];
  before(() => {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', ignoreTheDead);
  });
  after(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  });

  it('tells every place at which two ends differ, and none where they agree', () => {
    const end = { points: { spent: 3, held: 0 }, timeline: ['a', 'b'] };
    expect(differences(end, structuredClone(end))).to.deep.equal([]);
    expect(differences(end, { points: { spent: 3, held: 1 }, timeline: ['a'] })).to.deep.equal([
      '/points/held: really 0, simulated 1',
      '/timeline/1: really "b", simulated undefined',
    ]);
  });

  it('comes to the end that is known of real processes', async () => {
    const hands = await simulatedHands(setup);
    await play(shortScript, hands, () => undefined);
    const end = await hands.endState();
    await hands.close();
    expect(end.points).to.deep.equal({ spent: 320, held: 0 });
    expect(end.redemptions.map(({ slot, state, decidedBy }) => [slot, state, decidedBy])).to.deep.equal([
      [1, 'captured', 'kiosk'],
      [2, 'released', 'count'],
    ]);
    expect(end.journal).to.have.length(2);
    expect(end.broken).to.deep.equal([]);
  });
});
