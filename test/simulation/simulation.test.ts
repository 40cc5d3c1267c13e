import { expect } from 'chai';
import { SimulatedCrash } from '../../scripts/src/simulate/incarnation.ts';
import { plants } from '../../scripts/src/simulate/plants/index.ts';
import { simulate } from '../../scripts/src/simulate/simulation.ts';
import { hurricane } from '../../scripts/src/simulate/weather.ts';

/** How many redemptions each planted bug may hide for. */
const CAUGHT_WITHIN = 600;

describe('the simulation', function () {
  this.timeout(600_000);

  // A simulated process that ends in the middle of a promise leaves that promise rejected: nobody listens any more.
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

  it('holds every promise through a storm of crashes, cuts and faults, the same way twice', async () => {
    const first = await simulate({ seed: 11, kiosks: 3, redemptions: 150 });
    const second = await simulate({ seed: 11, kiosks: 3, redemptions: 150 });
    expect(first.violations).to.deep.equal([]);
    expect(first.crashes.kiosk).to.be.greaterThan(0);
    expect(first.ends['captured']).to.be.greaterThan(100);
    expect(second.traceHash).to.equal(first.traceHash);
  });

  it('goes another way with another seed', async () => {
    const [one, other] = [
      await simulate({ seed: 1, kiosks: 1, redemptions: 20 }),
      await simulate({ seed: 2, kiosks: 1, redemptions: 20 }),
    ];
    expect(one.traceHash).not.to.equal(other.traceHash);
  });

  /** Each bug has four short runs in which to show itself; without it the very same runs hold. */
  const fourRuns = async (): Promise<readonly string[]> => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const { violations } = await simulate({ seed, kiosks: 4, redemptions: CAUGHT_WITHIN / 4, weather: hurricane });
      if (violations.length > 0) return violations;
    }
    return [];
  };

  it('finds nothing where no bug is planted', async () => {
    expect(await fourRuns()).to.deep.equal([]);
  });

  for (const { name, about, plant } of plants) {
    it(`catches the planted bug ${name}: ${about}`, async () => {
      const pullOut = plant();
      try {
        expect(await fourRuns()).not.to.deep.equal([]);
      } finally {
        pullOut();
      }
    });
  }
});
