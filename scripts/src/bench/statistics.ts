/** The value below which this share (0 to 1) of the samples lies: the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

const middle = (sorted: readonly number[]): number => {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
};

/** The middle value; of an even number of samples, half-way between the two in the middle; 0 of none. */
export const median = (samples: readonly number[]): number => middle([...samples].sort((a, b) => a - b));

/**
 * How much y rises per unit of x: the median of the slopes between all pairs of points (Theil–Sen). Up to a quarter of the
 * points may be anything, such as a sample taken in the middle of a garbage collection. 0 where no two points differ in x.
 */
export function robustSlope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const slopes: number[] = [];
  for (const [index, from] of points.entries()) {
    for (const to of points.slice(index + 1)) if (to.x !== from.x) slopes.push((to.y - from.y) / (to.x - from.x));
  }
  return median(slopes);
}
