import { expect } from 'chai';
import { startWorld, type World } from '@tessera/scripts/harness/world';
import { crashCases } from '@tessera/scripts/faults/crash/cases';
import { runCase } from '@tessera/scripts/faults/crash/run-case';

/** One of each kind; `npm run faults:crash` runs the whole grid. */
const chosen = [
  'daemon@turning',
  'guard@turning',
  'server@authorising',
  'link@watching',
  'daemon.journal.requested.after',
  'daemon.ack.authorise.before',
  'daemon.journal.vending.after',
  'daemon.journal.dropped.after',
  'daemon.ack.outcome.before',
  'guard.relay_on.after:2',
  'server.commit.after:4',
  'daemon.journal.unknown.after (blind_beam)',
];

describe('faults: real processes killed in the middle of a redemption', () => {
  let world: World;

  before(async () => {
    world = await startWorld(() => undefined);
  });
  after(() => world.close());

  for (const name of chosen) {
    it(`${name}: energised at most once, drops equal captures, settled or honestly in doubt`, async () => {
      const crash = crashCases.find((one) => one.name === name);
      expect(crash, name).to.not.equal(undefined);
      const { fired, violations } = await runCase(world, crash!);
      expect(violations).to.deep.equal([]);
      expect(fired).to.equal(true);
    });
  }
});
