import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { waitFor } from '../../start/health.ts';
import { serverChild } from '../../start/children.ts';
import { chooseGift, leave, signIn } from '../../harness/errand.ts';
import type { World } from '../../harness/world.ts';
import { ready, SETTLE_MS } from './waits.ts';

type Member = World['seed']['members'][number];

/** Signs in; whom a crash sends away tries once more, as people do. */
async function identify(world: World, member: Member): Promise<void> {
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

async function walkUp(world: World, member: Member): Promise<void> {
  await identify(world, member);
  await chooseGift(world.thumb);
  await world.thumb.tap({ type: 'confirm' });
}

/** The fault is on every slot that the machine may pick for the gift. */
async function walkUpWith(world: World, member: Member, fault: string): Promise<void> {
  const { thumb, books, cabinet, kiosk } = world;
  await identify(world, member);
  const gift = await chooseGift(thumb);
  const slots = (await books.slots(kiosk.id)).filter(({ rewardId }) => rewardId === gift.rewardId);
  for (const { slot } of slots) await cabinet.fault({ slot, fault });
  await thumb.tap({ type: 'confirm' });
}

const jammed = (world: World, member: Member): Promise<void> => walkUpWith(world, member, 'jam');
const doubled = (world: World, member: Member): Promise<void> => walkUpWith(world, member, 'double_drop');

/** Makes the beam blind once the motor turns: before that the machine would not begin. */
async function blinded(world: World, member: Member): Promise<void> {
  const { cabinet } = world;
  await walkUp(world, member);
  const turning = async (): Promise<boolean> => (await cabinet.state()).slots.some(({ relay }) => relay);
  const turned = await waitFor('a turning motor', turning, { withinMs: 10_000, everyMs: 20, say: () => undefined });
  if (turned.ok) await cabinet.fault({ fault: 'blind_beam' });
}

async function order({ books, kiosk }: World, member: Member): Promise<{ redemptionId: string; code: string }> {
  const free = (await books.slots(kiosk.id)).find(({ inService, available }) => inService && available > 0);
  if (!free?.rewardId) throw new Error('Nothing to order.');
  return books.order(kiosk.id, member.memberId, free.rewardId);
}

const TRIES = 4;

/** An order is collected by its code; whom a crash sends away holds the code before the scanner again. */
async function pickUp(world: World, member: Member): Promise<void> {
  const { thumb, cabinet, books } = world;
  const { redemptionId, code } = await order(world, member);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    await ready(world);
    await cabinet.scan(code);
    await thumb
      .until((snapshot) => (snapshot?.screen.name === 'attract' ? undefined : true), 'a vend', 5_000)
      .catch(() => undefined);
    await leave(thumb, cabinet, SETTLE_MS).catch(() => undefined);
    await sleep(1_000);
    const row = (await books.redemptions().catch(() => [])).find((one) => one.redemptionId === redemptionId);
    if (row && row.state !== 'held') return;
  }
}

/** An order is asked back before anybody collects it. */
async function withdrawn(world: World, member: Member): Promise<void> {
  const { redemptionId } = await order(world, member);
  await world.books.cancel(redemptionId);
}

/** Longer than the kiosk asks for an authorisation. */
const MUTE_MS = 17_000;

/** The server stands still while the kiosk asks: it gives up, and says so later. */
async function unanswered(world: World, member: Member): Promise<void> {
  const { thumb, supervisor } = world;
  await identify(world, member);
  await chooseGift(thumb);
  const { server } = supervisor.pids();
  if (server === undefined) throw new Error('No server.');
  process.kill(server, 'SIGSTOP');
  try {
    await thumb.tap({ type: 'confirm' });
    await sleep(MUTE_MS);
  } finally {
    process.kill(server, 'SIGCONT');
  }
}

/** The member is suspended between choosing and confirming: the server refuses. */
async function suspended(world: World, member: Member): Promise<void> {
  await identify(world, member);
  await chooseGift(world.thumb);
  await world.books.setMemberState(member.memberId, 'suspended');
  try {
    await world.thumb.tap({ type: 'confirm' });
    await leave(world.thumb, world.cabinet, SETTLE_MS);
  } finally {
    await ready(world);
    await world.books.setMemberState(member.memberId, 'active');
  }
}

const run = promisify(execFile);

/** The server is put back to a backup that is older than the gift: the kiosk tells it what it forgot. */
async function restored(world: World, member: Member): Promise<void> {
  const { layout, supervisor, thumb, cabinet, dataDir } = world;
  const tessera = (...args: readonly string[]) =>
    run(process.execPath, [join(layout.root, 'server/dist/main.js'), ...args, '--data', dataDir]);
  const backup = join(dataDir, `before-${String(performance.now())}.db`);
  await tessera('backup', '--to', backup);
  await walkUp(world, member);
  await leave(thumb, cabinet, SETTLE_MS);
  await supervisor.halt('server', 'SIGTERM');
  await tessera('restore', '--from', backup, '--yes');
  supervisor.start(serverChild(layout));
  await ready(world);
}

/** What happens around the redemption that is disturbed; each reaches effects that a plain walk-up does not. */
export const scenarios = {
  walk_up: walkUp,
  jam: jammed,
  blind_beam: blinded,
  double_drop: doubled,
  pickup: pickUp,
  withdrawn,
  mute_server: unanswered,
  suspended,
  restored,
} as const;
export type Scenario = keyof typeof scenarios;
