import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonChild, guardChild, linkChild, serverChild } from '../../start/children.ts';
import type { ChildSpec } from '../../start/supervisor.ts';
import { momentOf, type Moment } from '../../harness/moment.ts';
import type { World } from '../../harness/world.ts';
import type { CrashCase, Victim } from './cases.ts';

/** How long a frozen process stands still: longer than any heartbeat and than the longest pulse. */
const FROZEN_MS = 6_000;
const LOOK_MS = 40;
const MOMENT_MS = 15_000;

function specOf({ layout, kiosk }: World, victim: Victim): ChildSpec {
  const specs = {
    daemon: () => daemonChild(layout, kiosk.id),
    guard: () => guardChild(layout),
    server: () => serverChild(layout),
    link: () => linkChild(layout),
  };
  return specs[victim]();
}

/** Starts the victim anew, armed with one failpoint a life; with none it is as it should be again. */
export async function arm(world: World, victim: Victim, lives: readonly string[]): Promise<void> {
  await world.supervisor.halt(victim, 'SIGTERM');
  world.supervisor.start(specOf(world, victim), ...lives.map((point) => ({ TESSERA_FAILPOINTS: point })));
}

/** True where the kernel holds the process stopped. */
function isFrozen(pid: number): boolean {
  try {
    return /^State:\s+T/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Lets a process go that stood still for a while; one that was ended meanwhile is gone. */
async function thaw(pid: number): Promise<void> {
  await sleep(FROZEN_MS);
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // Somebody who noticed its silence has ended it.
  }
}

/** Watches a victim that is armed to freeze, and thaws it; answers whether it froze before the watch was over. */
async function thawWhenFrozen({ supervisor }: World, victim: Victim, watch: { isOver: boolean }): Promise<boolean> {
  while (!watch.isOver) {
    const pid = supervisor.pids()[victim];
    if (pid !== undefined && isFrozen(pid)) {
      await thaw(pid);
      return true;
    }
    await sleep(LOOK_MS);
  }
  return false;
}

/** Resolves when the glass shows a moment; rejects where it does not come. */
const shown = ({ thumb }: World, moment: Moment): Promise<true> =>
  thumb.until((snapshot) => (momentOf(snapshot?.screen) === moment ? true : undefined), moment, MOMENT_MS);

/** The server answers in a few milliseconds, which nobody sees: it stands still while the glass shows that it is asked. */
async function holdAuthorising(world: World): Promise<() => void> {
  await shown(world, 'confirm');
  const pid = world.supervisor.pids()['server'];
  if (pid === undefined) throw new Error('There is no server to hold.');
  process.kill(pid, 'SIGSTOP');
  return () => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It was the victim.
    }
  };
}

/** Waits for a moment on the glass and sends the signal there; answers whether the moment came. */
async function strikeAt(world: World, crash: CrashCase, moment: Moment): Promise<boolean> {
  let letGo = (): void => undefined;
  let pid: number | undefined;
  try {
    if (moment === 'authorising') letGo = await holdAuthorising(world);
    await shown(world, moment);
    pid = world.supervisor.pids()[crash.victim];
    if (pid !== undefined) process.kill(pid, crash.signal);
  } catch {
    return false;
  } finally {
    letGo();
  }
  if (pid === undefined) return false;
  if (crash.signal === 'SIGSTOP') await thaw(pid);
  return true;
}

/**
 * Disturbs the victim while `errand` runs, and after it. What it answers is asked once all has settled, and says whether the
 * case came to pass: every life of the victim ended where it was to end, or it stood still.
 */
export async function disturb(
  world: World,
  crash: CrashCase,
  errand: () => Promise<void>,
): Promise<() => Promise<boolean>> {
  const { supervisor } = world;
  const { at, victim, signal } = crash;
  const deaths = supervisor.deaths(victim);
  const watch = { isOver: false };
  const isArmedToFreeze = 'lives' in at && signal === 'SIGSTOP';
  const frozen = isArmedToFreeze ? thawWhenFrozen(world, victim, watch) : undefined;
  const striking = 'moment' in at ? strikeAt(world, crash, at.moment) : undefined;
  await errand();
  const struck = await striking;
  return async () => {
    watch.isOver = true;
    if (signal === 'SIGSTOP') return (await frozen) ?? struck ?? false;
    return supervisor.deaths(victim) >= deaths + ('lives' in at ? at.lives.length : 1);
  };
}
