import { setTimeout as sleep } from 'node:timers/promises';
import { enrich } from '../../harness/enrich.ts';
import { leave } from '../../harness/errand.ts';
import type { World } from '../../harness/world.ts';
import type { CrashCase } from './cases.ts';
import { scenarios } from './scenarios.ts';
import { finalViolations, isSettled, violations, type Facts } from './verdict.ts';
import { arm, disturb } from './victim.ts';
import { answering, ready, SETTLE_MS } from './waits.ts';

/** What came of one case. `fired` is false where the process never came to the place at which it was to die. */
export type CaseResult = {
  readonly name: string;
  readonly fired: boolean;
  readonly violations: readonly string[];
  /** How the redemption stood once settled, before any count. */
  readonly ends: readonly string[];
  readonly recoveryMs: number;
};

const POINTS_A_CASE = 2_000;
const LOW_STOCK = 3;
const REFILL = 4;
/** Reports that wait in the kiosk's outbox come within this. */
const REPORTS_MS = 10_000;

async function factsOf({ books, cabinet, kiosk }: World, memberId: string): Promise<Facts> {
  const [redemptions, balance, state, variances, check] = await Promise.all([
    books.redemptions(),
    books.balance(memberId),
    cabinet.state(),
    books.variances(kiosk.id),
    books.check(),
  ]);
  return {
    redemptions,
    balance,
    pulses: state.slots.reduce((total, { pulses }) => total + pulses, 0),
    drops: state.drops.length,
    strays: variances.filter(({ kind }) => kind === 'stray_drop').length,
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

/** Reads the facts until they hold, or until every report has had its time; answers the last reading. */
async function judged(world: World, memberId: string, judge: (after: Facts) => string[]): Promise<[Facts, string[]]> {
  const end = performance.now() + REPORTS_MS;
  for (;;) {
    const facts = await factsOf(world, memberId);
    const found = judge(facts);
    if (found.length === 0 || performance.now() > end) return [facts, found];
    await sleep(250);
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

/**
 * Makes the machine as it should be: gift taken, faults mended, every slot counted, low slots refilled. A count proves
 * something only where nothing odd has happened since the one before: each case starts with one.
 */
async function restore(world: World): Promise<void> {
  const { books, cabinet, kiosk } = world;
  await answering(world);
  await cabinet.mend();
  await cabinet.takeGift();
  const { slots } = await cabinet.state();
  for (const row of await books.slots(kiosk.id)) {
    const goods = slots.find(({ slot }) => slot === row.slot)?.goods ?? 0;
    await books.count(kiosk.id, row.slot, goods, 0);
    if (goods < LOW_STOCK) {
      const refill = Math.min(REFILL, row.capacity - goods);
      await cabinet.fill(row.slot, goods + refill);
      await books.load(kiosk.id, row.slot, refill);
    }
  }
  await ready(world);
}

/** One redemption, disturbed once, then judged against the cabinet's truth. */
export async function runCase(world: World, crash: CrashCase): Promise<CaseResult> {
  const { thumb, cabinet } = world;
  const member = await enrich(world, POINTS_A_CASE);
  const before = await factsOf(world, member.memberId);
  const fired = await disturb(world, crash, async () => {
    // The redemption may break off at any step: that is what is being tested.
    if ('lives' in crash.at) await arm(world, crash.victim, crash.at.lives);
    await ready(world)
      .then(() => scenarios[crash.scenario](world, member))
      .catch(() => undefined);
  });
  const disturbedAt = performance.now();
  await leave(thumb, cabinet, SETTLE_MS);
  await settle(world);
  // Whoever stands there takes what lies in the tray: a count then tells what fell.
  await cabinet.takeGift();
  const recoveryMs = performance.now() - disturbedAt;
  const [after, found] = await judged(world, member.memberId, (facts) => violations(before, facts));
  const known = new Set(before.redemptions.map(({ redemptionId }) => redemptionId));
  await countDoubts(world);
  const [, final] = await judged(world, member.memberId, (facts) => finalViolations(before, facts));
  const hasFired = await fired();
  // What never came to its place must not die in the next case.
  if (!hasFired) await arm(world, crash.victim, []);
  await restore(world);
  return {
    name: crash.name,
    fired: hasFired,
    violations: [...found, ...final],
    ends: after.redemptions.filter(({ redemptionId }) => !known.has(redemptionId)).map(({ state }) => state),
    recoveryMs,
  };
}
