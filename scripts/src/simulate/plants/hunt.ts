import { simulateRun, type Run } from '../shrink.ts';
import type { Plant } from './plant.ts';

/** A planted bug has to be caught within this many redemptions. */
export const HUNT_MOST = 20_000;

/** How a planted bug was caught; `caughtBy` is undefined where it was not. */
export type Hunt = {
  readonly name: string;
  readonly about: string;
  /** Redemptions until a promise broke, of all seeds that were needed. */
  readonly redemptions: number;
  readonly seeds: number;
  readonly caughtBy: string | undefined;
};

/** Puts one bug in, and runs seed after seed until a promise breaks or there were enough. Takes the bug out again. */
async function hunt({ name, about, plant }: Plant, first: Run): Promise<Hunt> {
  const pullOut = plant();
  try {
    let redemptions = 0;
    let seeds = 0;
    while (redemptions < HUNT_MOST) {
      const run = {
        ...first,
        seed: first.seed + seeds,
        redemptions: Math.min(first.redemptions, HUNT_MOST - redemptions),
      };
      const result = await simulateRun(run);
      seeds += 1;
      redemptions += result.redemptions;
      const [caughtBy] = result.violations;
      if (caughtBy !== undefined) return { name, about, redemptions, seeds, caughtBy };
    }
    return { name, about, redemptions, seeds, caughtBy: undefined };
  } finally {
    pullOut();
  }
}

/** Hunts each bug in turn, and tells of each as it ends. */
export async function huntAll(plants: readonly Plant[], first: Run, tell: (hunt: Hunt) => void): Promise<Hunt[]> {
  const hunts: Hunt[] = [];
  for (const plant of plants) {
    const done = await hunt(plant, first);
    tell(done);
    hunts.push(done);
  }
  return hunts;
}

/** One line for people. */
export function huntLine({ name, redemptions, seeds, caughtBy }: Hunt): string {
  const after = `${String(redemptions).padStart(6)} redemptions, ${String(seeds)} ${seeds === 1 ? 'seed' : 'seeds'}`;
  const [how = ''] = (caughtBy ?? '').split('\n');
  return `${name.padEnd(27)} ${caughtBy === undefined ? 'NOT caught in' : 'caught after '} ${after}${how === '' ? '' : `: ${how.slice(0, 90)}`}`;
}

/** What the hunts come to. */
export const huntFigures = (hunts: readonly Hunt[]) =>
  ({
    plants: { value: hunts.length, unit: 'bugs', target: 20, atLeast: true },
    missed: { value: hunts.filter(({ caughtBy }) => caughtBy === undefined).length, unit: 'bugs', target: 0 },
    caught_after_most: {
      value: Math.max(...hunts.map(({ redemptions }) => redemptions)),
      unit: 'redemptions',
      target: HUNT_MOST,
    },
  }) as const;
