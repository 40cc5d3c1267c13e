import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk, guardIsReady, waitFor } from '../../start/health.ts';
import { daemonChild, guardChild, linkChild, serverChild } from '../../start/children.ts';
import type { ChildSpec } from '../../start/supervisor.ts';
import { enrich } from '../../harness/enrich.ts';
import { chooseGift, leave, signIn } from '../../harness/errand.ts';
import type { World } from '../../harness/world.ts';
import type { CrashCase, Victim } from './cases.ts';
import { finalViolations, isSettled, violations, type Facts } from './verdict.ts';

/** What came of one case. `fired` is false where the process never came to the place at which it was to die. */
export type CaseResult = {
  readonly name: string;
  readonly fired: boolean;
  readonly violations: readonly string[];
  /** How the redemption stood once settled, before any count. */
  readonly ends: readonly string[];
  readonly recoveryMs: number;
};

const SETTLE_MS = 60_000;
const POINTS_A_CASE = 2_000;
const LOW_STOCK = 3;
const REFILL = 4;

function specOf(world: World, victim: Victim): ChildSpec {
  const { layout, kiosk } = world;
  const specs = {
    daemon: () => daemonChild(layout, kiosk.id),
    guard: () => guardChild(layout),
    server: () => serverChild(layout),
    link: () => linkChild(layout),
  };
  return specs[victim]();
}

/** Starts the victim anew, armed to die at a failpoint. */
async function arm(world: World, victim: Victim, failpoint: string): Promise<void> {
  await world.supervisor.halt(victim, 'SIGTERM');
  world.supervisor.start(specOf(world, victim), { TESSERA_FAILPOINTS: failpoint });
}

/** Starts a victim anew that never came to its failpoint, so that it does not die in the next case. */
async function disarm(world: World, victim: Victim): Promise<void> {
  await world.supervisor.halt(victim, 'SIGTERM');
  world.supervisor.start(specOf(world, victim));
}

/** Waits until all processes answer. */
async function answering({ layout }: World): Promise<void> {
  const all = async (): Promise<boolean> =>
    (await answersOk(`${layout.urls.server}/readyz`)) && (await guardIsReady(layout.guardSocket));
  const up = await waitFor('all processes', all, { withinMs: SETTLE_MS, say: () => undefined });
  if (!up.ok) throw new Error(up.error);
}

/** Waits until all processes work together again and nobody stands before the machine. */
async function ready(world: World): Promise<void> {
  await answering(world);
  const { thumb } = world;
  await thumb.until(
    (snapshot) => (snapshot?.online === true && snapshot.screen.name === 'attract' ? true : undefined),
    'attract, online',
    SETTLE_MS,
  );
}

/** Waits for a screen's moment and kills the victim there; answers whether the moment came. */
async function killAt({ thumb, supervisor }: World, victim: Victim, phase: string): Promise<boolean> {
  try {
    await thumb.until(
      (snapshot) => {
        const screen = snapshot?.screen;
        const shown = screen?.name === 'dispensing' ? screen.phase : screen?.name;
        return shown === phase ? true : undefined;
      },
      phase,
      15_000,
    );
  } catch {
    return false;
  }
  const pid = supervisor.pids()[victim];
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  return true;
}

async function factsOf({ books, cabinet }: World, memberId: string): Promise<Facts> {
  const [redemptions, balance, state, check] = await Promise.all([
    books.redemptions(),
    books.balance(memberId),
    cabinet.state(),
    books.check(),
  ]);
  return {
    redemptions,
    balance,
    pulses: state.slots.reduce((total, { pulses }) => total + pulses, 0),
    drops: state.drops.length,
    broken: check.checks.filter(({ ok }) => ok === false).map(({ name }) => name),
  };
}

/** Waits until the server answers and nothing is under way. */
async function settle(world: World): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (performance.now() < end) {
    const rows = await world.books.redemptions().catch(() => undefined);
    if (rows && isSettled(rows)) return;
    await sleep(200);
  }
}

/** Ends each doubt as staff do: counts the slot and the tray. */
async function countDoubts(world: World): Promise<void> {
  const { books, cabinet, kiosk } = world;
  const doubtful = (await books.redemptions()).filter(({ state }) => state === 'in_doubt');
  const { slots, tray } = await cabinet.state();
  for (const slot of new Set(doubtful.map((row) => row.slot))) {
    const goods = slots.find((one) => one.slot === slot)?.goods;
    if (slot !== null && goods !== undefined) await books.count(kiosk.id, slot, goods, tray);
  }
}

/** Makes the machine as it should be: gift taken, faults mended, quarantined slots counted, low slots refilled. */
async function restore(world: World): Promise<void> {
  const { books, cabinet, kiosk } = world;
  await answering(world);
  await cabinet.mend();
  await cabinet.takeGift();
  const { slots } = await cabinet.state();
  for (const row of await books.slots(kiosk.id)) {
    const goods = slots.find(({ slot }) => slot === row.slot)?.goods ?? 0;
    if (!row.inService) await books.count(kiosk.id, row.slot, goods, 0);
    if (goods < LOW_STOCK) {
      await cabinet.fill(row.slot, goods + REFILL);
      await books.load(kiosk.id, row.slot, REFILL);
    }
  }
  await ready(world);
}

/** Signs in; whom a crash sends away tries once more, as people do. */
async function identify(world: World, member: World['seed']['members'][number]): Promise<void> {
  const { thumb, cabinet } = world;
  try {
    await signIn(thumb, member);
    await thumb.screen('choose', 6_000);
  } catch {
    await leave(thumb, cabinet, SETTLE_MS);
    await ready(world);
    await signIn(thumb, member);
  }
}

/** Makes the beam blind once the motor turns: before that the machine would not begin. */
async function blindWhileTurning({ cabinet }: World): Promise<void> {
  const turning = async (): Promise<boolean> => (await cabinet.state()).slots.some(({ relay }) => relay);
  const turned = await waitFor('a turning motor', turning, { withinMs: 10_000, everyMs: 20, say: () => undefined });
  if (turned.ok) await cabinet.fault({ fault: 'blind_beam' });
}

async function redeem(world: World, crash: CrashCase, member: World['seed']['members'][number]): Promise<void> {
  const { thumb, cabinet, books, kiosk } = world;
  await identify(world, member);
  const gift = await chooseGift(thumb);
  if (crash.cabinet === 'jam') {
    const slots = (await books.slots(kiosk.id)).filter(({ rewardId }) => rewardId === gift.rewardId);
    for (const { slot } of slots) await cabinet.fault({ slot, fault: 'jam' });
  }
  await thumb.tap({ type: 'confirm' });
  if (crash.cabinet === 'blind_beam') await blindWhileTurning(world);
}

/** One redemption, disturbed once, then judged against the cabinet's truth. */
export async function runCase(world: World, crash: CrashCase): Promise<CaseResult> {
  const { thumb, supervisor } = world;
  const member = await enrich(world, POINTS_A_CASE);
  const before = await factsOf(world, member.memberId);
  const deaths = supervisor.deaths(crash.victim);
  if ('failpoint' in crash.at) await arm(world, crash.victim, crash.at.failpoint);
  await ready(world);
  const moment = 'phase' in crash.at ? killAt(world, crash.victim, crash.at.phase) : undefined;
  // The redemption may break off at any step: that is what is being tested.
  await redeem(world, crash, member).catch(() => undefined);
  await moment;
  const disturbedAt = performance.now();
  await leave(thumb, world.cabinet, SETTLE_MS);
  await settle(world);
  // Whoever stands there takes what lies in the tray: a count then tells what fell.
  await world.cabinet.takeGift();
  const recoveryMs = performance.now() - disturbedAt;
  const after = await factsOf(world, member.memberId);
  const rows = after.redemptions.filter(
    (row) => !before.redemptions.some((old) => old.redemptionId === row.redemptionId),
  );
  const found = violations(before, after);
  await countDoubts(world);
  const final = await factsOf(world, member.memberId);
  const fired = supervisor.deaths(crash.victim) > deaths;
  if (!fired) await disarm(world, crash.victim);
  await restore(world);
  return {
    name: crash.name,
    fired,
    violations: [...found, ...finalViolations(before, final)],
    ends: rows.map(({ state }) => state),
    recoveryMs,
  };
}
