import { setTimeout as sleep } from 'node:timers/promises';

/** Something of a small and of a big alliance. */
export type Both<T> = { readonly small: T; readonly big: T };

/** How long both took for the same question, in ms, one right after the other. */
export type Pair = Both<number>;
export type Pairs = readonly Pair[];

/** One caller may ask 500 times a second for long. */
const PAUSE_MS = 2;

/** Makes something of both, the small one first. */
export const both = async <From, To>({ small, big }: Both<From>, make: (from: From) => Promise<To>) => ({
  small: await make(small),
  big: await make(big),
});

/**
 * Asks both in turn, so that whatever else the machine does meets both; who is first changes from time to time.
 * @param ask answers how long it took, in ms
 */
export async function inTurn<T>(
  times: number,
  { small, big }: Both<T>,
  ask: (of: T) => Promise<number>,
): Promise<Pairs> {
  const pairs: Pair[] = [];
  for (let index = 0; index < times; index += 1) {
    if (index % 2 === 0) pairs.push({ small: await ask(small), big: await ask(big) });
    else pairs.push({ big: await ask(big), small: await ask(small) });
    await sleep(PAUSE_MS);
  }
  return pairs;
}
