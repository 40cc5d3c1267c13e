import { answersOk, guardIsReady, waitFor } from '../../start/health.ts';
import type { World } from '../../harness/world.ts';

/** The most that a disturbed redemption may take until nothing is under way. */
export const SETTLE_MS = 60_000;

/** Waits until server and guard answer. */
export async function answering({ layout }: World): Promise<void> {
  const all = async (): Promise<boolean> =>
    (await answersOk(`${layout.urls.server}/readyz`)) && (await guardIsReady(layout.guardSocket));
  const up = await waitFor('all processes', all, { withinMs: SETTLE_MS, say: () => undefined });
  if (!up.ok) throw new Error(up.error);
}

/** Waits until all processes work together again and nobody stands before the machine. */
export async function ready(world: World): Promise<void> {
  await answering(world);
  await world.thumb.until(
    (snapshot) => (snapshot?.online === true && snapshot.screen.name === 'attract' ? true : undefined),
    'attract, online',
    SETTLE_MS,
  );
}
