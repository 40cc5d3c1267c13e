import { expect } from 'chai';
import { contradicted, Coverage } from '../../scripts/src/simulate/coverage.ts';
import { SimulatedCrash } from '../../scripts/src/simulate/incarnation.ts';
import { plants } from '../../scripts/src/simulate/plants/index.ts';
import { argumentsOf, shrink, simulateRun, type Run } from '../../scripts/src/simulate/shrink.ts';

/** A run that is short and hard: everything dies all the time, and the books are looked at often. */
const run: Run = { seed: 1, kiosks: 4, redemptions: 150, weather: 'hurricane', without: [], checkEvery: 50 };
/** How many such runs a planted bug may hide for. */
const RUNS = 6;

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
    const storm: Run = { ...run, seed: 11, kiosks: 3, weather: 'storm' };
    const first = await simulateRun(storm);
    const second = await simulateRun(storm);
    expect(first.violations).to.deep.equal([]);
    expect(first.crashes.kiosk).to.be.greaterThan(0);
    expect(first.ends['captured']).to.be.greaterThan(100);
    expect(second.traceHash).to.equal(first.traceHash);
  });

  it('looks at the books after each redemption, and nobody dies of it; ends when the last member has gone home', async () => {
    const looked: Run = { ...run, seed: 4, redemptions: 200, weather: 'storm', checkEvery: 1 };
    expect((await simulateRun(looked)).violations).to.deep.equal([]);
  });

  it('goes another way with another seed', async () => {
    const short: Run = { ...run, kiosks: 1, redemptions: 20 };
    const [one, other] = [await simulateRun(short), await simulateRun({ ...short, seed: 2 })];
    expect(one.traceHash).not.to.equal(other.traceHash);
  });

  /** The first run of a few that breaks a promise. */
  const firstBroken = async (coverage?: Coverage) => {
    for (let seed = run.seed; seed < run.seed + RUNS; seed += 1) {
      const result = await simulateRun({ ...run, seed }, coverage ? { coverage } : {});
      if (result.violations.length > 0) return { run: { ...run, seed }, result };
    }
    return undefined;
  };

  it('finds nothing where no bug is planted, and enters no pair that is said never to be entered', async () => {
    const coverage = new Coverage();
    try {
      expect((await firstBroken(coverage))?.result.violations).to.equal(undefined);
      expect(contradicted(coverage.grids())).to.deep.equal([]);
    } finally {
      coverage.stop();
    }
  });

  it('has at least twenty bugs to plant', () => {
    expect(new Set(plants.map(({ name }) => name)).size)
      .to.equal(plants.length)
      .and.be.at.least(20);
  });

  for (const { name, about, plant } of plants) {
    it(`catches the planted bug ${name}: ${about}`, async () => {
      const pullOut = plant();
      try {
        expect(await firstBroken()).not.to.equal(undefined);
      } finally {
        pullOut();
      }
    });
  }

  it('finds a shorter run that fails, and says how to repeat it', async () => {
    const planted = plants.find(({ name }) => name === 'hold-leaks');
    const pullOut = planted?.plant();
    try {
      const broken = await firstBroken();
      expect(broken).not.to.equal(undefined);
      if (!broken) return;
      const shortest = await shrink(broken, () => undefined);
      expect(shortest.run.redemptions).to.be.lessThan(run.redemptions / 2);
      expect(shortest.run.kiosks).to.be.lessThan(run.kiosks);
      expect((await simulateRun(shortest.run)).violations).to.deep.equal(shortest.result.violations);
      expect(argumentsOf(shortest.run)).to.match(/^--seed \d --kiosks \d /);
    } finally {
      pullOut?.();
    }
  });
});
