import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { ServedDisk } from './nbd/serve.ts';

/**
 * When the power goes: while the machine comes up, before anyone stands there, while someone signs in, or after the nth
 * confirmation. `held`: when a disk is asked to flush, which it then never does. `flush`: just after it
 * did, since whatever was waiting for it follows. `time`: at any time.
 */
export type Moment = {
  readonly phase: 'recovery' | 'idle' | 'session' | 'confirmed';
  readonly nth: number;
  readonly cue: 'held' | 'flush' | 'time';
};

/** How soon after a flush the power goes. */
const AFTER_FLUSH_MS = 250;
/** How often a cut falls where a known bug shows. */
const MOSTLY = 0.7;

/** Most cuts fall where a gift is at stake. */
const phases = [
  ...Array.from({ length: 11 }, () => 'confirmed' as const),
  ...Array.from({ length: 3 }, () => 'session' as const),
  ...Array.from({ length: 2 }, () => 'idle' as const),
  ...Array.from({ length: 4 }, () => 'recovery' as const),
];

export const chooseMoment = (chance: SeededChance, mostly?: Moment['phase']): Moment => ({
  phase: mostly !== undefined && chance.happens(MOSTLY) ? mostly : chance.pick(phases),
  nth: 1 + chance.integer(3),
  cue: chance.pick(['held', 'held', 'flush', 'time']),
});

/** Waits for the moment within a stretch of time that has just begun; answers how long it waited. */
export async function within(
  chance: SeededChance,
  cue: Moment['cue'],
  {
    disks,
    flushes,
    longestMs,
  }: { readonly disks: readonly ServedDisk[]; readonly flushes: number; readonly longestMs: number },
): Promise<number> {
  const started = performance.now();
  if (cue === 'time') await sleep(chance.integer(Math.round(longestMs)));
  else {
    const disk = chance.pick(disks);
    const nth = disk.flushes + 1 + chance.integer(flushes);
    await Promise.race([cue === 'held' ? disk.held(nth) : disk.flushed(nth), sleep(longestMs)]);
    if (cue === 'flush') await sleep(chance.integer(AFTER_FLUSH_MS));
  }
  return Math.round(performance.now() - started);
}
