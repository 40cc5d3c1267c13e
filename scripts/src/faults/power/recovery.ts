import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { Thumb } from '../../harness/thumb.ts';
import { answersOk } from '../../start/health.ts';
import { isSettled } from '../crash/verdict.ts';
import type { Alliance } from './alliance.ts';
import type { Machine } from './machine.ts';
import { truthOf, type Baseline } from './truth.ts';
import { disagreements, forgotten, type Evidence } from './verdict.ts';

/** A machine that was powered on, and the thumb on its glass. */
type Guest = { readonly machine: Machine; readonly thumb: Thumb };

/** What a recovery found. */
export type Recovered = {
  /** From the power button to a kiosk that serves. */
  readonly bootMs: number;
  readonly disagreements: readonly string[];
  /** Redemptions that the cut left in doubt, before staff counted. */
  readonly doubts: number;
  readonly redemptions: number;
  readonly captured: readonly string[];
};

/** A guest that is interpreted on busy cores takes its time; one whose processes end again and again is not waited for. */
const UP_MS = 1_200_000;
const ENDS = 4;
const SETTLE_MS = 60_000;
/** What still stands in an outbox comes within this. */
const JUDGE_MS = 15_000;
/** A kiosk that says one of these has lost something that it had promised to keep. */
const lost = new Set(['journal_damaged', 'revoked', 'not_enrolled']);
/** With these a kiosk is up: upkeep ends them. */
const mendable = new Set(['slots_out_of_service', 'no_stock']);

type Standing = { readonly kind: 'serves' | 'waits' | 'occupied' } | { readonly kind: 'lost'; readonly reason: string };

/** What the glass says about a kiosk that comes up. */
function standingOf(snapshot: Snapshot | undefined): Standing {
  if (!snapshot) return { kind: 'waits' };
  const { screen, online } = snapshot;
  if (screen.name === 'attract') return { kind: online ? 'serves' : 'waits' };
  if (screen.name !== 'out_of_service') return { kind: 'occupied' };
  const reason = screen.reasons.find((one) => lost.has(one));
  if (reason !== undefined) return { kind: 'lost', reason };
  return { kind: online && screen.reasons.every((one) => mendable.has(one)) ? 'serves' : 'waits' };
}

/** Waits until server and kiosk serve again; answers what stands in their way for good. */
async function serves({ layout, cabinet }: Alliance, { thumb, machine }: Guest): Promise<string | undefined> {
  const end = performance.now() + UP_MS;
  while (performance.now() < end) {
    const standing = standingOf(thumb.snapshot);
    const looping = machine.endedOften(ENDS);
    if (looping !== undefined) return `${looping} ends again and again`;
    if (standing.kind === 'lost') return `the kiosk is out of service: ${standing.reason}`;
    if (standing.kind === 'serves' && (await answersOk(`${layout.urls.server}/readyz`))) return undefined;
    if (standing.kind === 'occupied') {
      await cabinet.takeGift();
      await thumb.tap({ type: 'end' }).catch(() => undefined);
    }
    await sleep(100);
  }
  const { screen } = thumb.snapshot ?? {};
  const shown = screen?.name === 'out_of_service' ? screen.reasons.join(', ') : (screen?.name ?? 'nothing');
  return `not up within ${String(UP_MS / 1000)} s; the screen shows ${shown}`;
}

async function evidenceOf(alliance: Alliance, baseline: Baseline): Promise<Evidence> {
  const { books, clerk } = alliance;
  const [rows, points, truth, check] = await Promise.all([
    books.redemptions(),
    alliance.points(),
    truthOf(alliance.cabinet),
    books.check(),
  ]);
  return {
    rows,
    ...points,
    truth: truth.map(({ slot, pulses, drops }) => {
      const before = baseline.truth.find((one) => one.slot === slot);
      return { slot, pulses: pulses - (before?.pulses ?? 0), drops: drops - (before?.drops ?? 0) };
    }),
    acknowledged: baseline.points + clerk.points,
    broken: check.checks.filter(({ ok }) => ok === false).map(({ name }) => name),
  };
}

/** Looks until all agree, or until every report has had its time. */
async function judge(
  alliance: Alliance,
  baseline: Baseline,
  captured: readonly string[],
): Promise<readonly [Evidence, string[]]> {
  const end = performance.now() + JUDGE_MS;
  for (;;) {
    const evidence = await evidenceOf(alliance, baseline);
    const found = [...disagreements(evidence), ...forgotten(captured, evidence.rows)];
    if (found.length === 0 || performance.now() > end) return [evidence, found];
    await sleep(500);
  }
}

async function settle({ books }: Alliance): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (performance.now() < end && !isSettled(await books.redemptions())) await sleep(300);
}

/** Staff come: count what is in doubt or out of service, with the tray, refill, and return what only a person may return. */
async function upkeep(
  { books, cabinet, founding: { kioskId } }: Alliance,
  doubtful: ReadonlySet<number>,
): Promise<void> {
  const { slots } = await cabinet.state();
  for (const row of await books.slots(kioskId)) {
    const goods = slots.find(({ slot }) => slot === row.slot)?.goods ?? 0;
    if (!row.inService || doubtful.has(row.slot)) await books.count(kioskId, row.slot, goods, 0);
    if (goods < row.capacity / 2) {
      await books.load(kioskId, row.slot, row.capacity - goods);
      await cabinet.fill(row.slot, row.capacity);
    }
  }
  // The power failed too often while these turned: that looks like a short circuit, and no count proves that it is none.
  for (const { slot, inService } of await books.slots(kioskId)) if (!inService) await books.reopen(kioskId, slot);
}

/** Waits for what a cut left to come up, compares everything, and has staff end every doubt. */
export async function recover(
  alliance: Alliance,
  guest: Guest,
  known: { readonly captured: readonly string[]; readonly poweredAt: number; readonly onBoot: () => void },
): Promise<Recovered> {
  const { captured, poweredAt, onBoot } = known;
  const { baseline } = alliance.founding;
  const barrier = await serves(alliance, guest);
  const bootMs = performance.now() - poweredAt;
  if (barrier !== undefined) return { bootMs, disagreements: [barrier], doubts: 0, redemptions: 0, captured };
  onBoot();
  await alliance.cabinet.takeGift();
  await alliance.clerk.catchUp();
  await settle(alliance);
  const [before, found] = await judge(alliance, baseline, captured);
  const doubtful = before.rows.filter(({ state }) => state === 'in_doubt');
  // Where something disagrees the run ends, and nobody covers the traces.
  if (found.length === 0) await upkeep(alliance, new Set(doubtful.flatMap(({ slot }) => slot ?? [])));
  const [after, left] = found.length > 0 ? [before, []] : await judge(alliance, baseline, captured);
  const undecided = after.rows.filter(({ state }) => state === 'in_doubt').length;
  return {
    bootMs,
    disagreements: [
      ...found,
      ...left.map((sentence) => `after the count: ${sentence}`),
      ...(found.length === 0 && undecided > 0 ? [`${String(undecided)} in doubt after the count`] : []),
    ],
    doubts: doubtful.length,
    redemptions: after.rows.length,
    captured: after.rows.filter(({ state }) => state === 'captured').map(({ redemptionId }) => redemptionId),
  };
}
