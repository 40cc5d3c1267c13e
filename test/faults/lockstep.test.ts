import { expect } from 'chai';
import { differences } from '@tessera/scripts/faults/lockstep/end-state';
import { playReally, playSimulated } from '@tessera/scripts/faults/lockstep/play-both';
import { shortScript } from '@tessera/scripts/faults/lockstep/script';
import { SimulatedCrash } from '@tessera/scripts/simulate/incarnation';
import { plants } from '@tessera/scripts/simulate/plants/index';

const silent = (): void => undefined;

/** `npm run faults:lockstep` plays the whole script. */
describe('lock-step with reality', () => {
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

  it('ends alike with real processes and in the simulation, and not where the simulation has a bug', async () => {
    const { end, setup } = await playReally(shortScript, silent);
    expect(differences(end, await playSimulated(shortScript, setup, silent))).to.deep.equal([]);
    const pullOut = plants.find(({ name }) => name === 'release-on-unknown')?.plant();
    try {
      expect(differences(end, await playSimulated(shortScript, setup, silent))).not.to.be.empty;
    } finally {
      pullOut?.();
    }
  });
});
