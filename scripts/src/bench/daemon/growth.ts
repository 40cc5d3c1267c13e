import { median, robustSlope } from '../statistics.ts';
import type { Sample } from './redeem.ts';

/** Caches, compiled code and the shape of the heap settle in this first part; what grows after it grows for ever. */
const WARM_UP = 0.2;
/** The samples at the end whose middle is the resident set after all redemptions. */
const LAST = 10;

/** What the samples of a run say. */
export type Growth = {
  readonly residentMb: number;
  readonly peakMb: number;
  readonly growthMb: number;
  /** Where the growth is counted from. */
  readonly fromRedemption: number;
};

/** The resident set at the end, and by a robust fit how much of it grew between the warm-up's end and the last sample. */
export function growthOf(samples: readonly Sample[]): Growth {
  const last = samples.at(-1);
  if (!last) throw new Error('There is no sample.');
  const fromRedemption = last.redemptions * WARM_UP;
  const settled = samples.filter(({ redemptions }) => redemptions >= fromRedemption);
  const slope = robustSlope(settled.map(({ redemptions, residentMb }) => ({ x: redemptions, y: residentMb })));
  return {
    residentMb: median(samples.slice(-LAST).map(({ residentMb }) => residentMb)),
    peakMb: last.peakMb,
    growthMb: slope * (last.redemptions - fromRedemption),
    fromRedemption,
  };
}
