import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Books, type SlotRow } from '../harness/books.ts';
import type { World } from '../harness/world.ts';

const LOW_STOCK = 3;
const TRIES = 30;
const TRY_EVERY_MS = 1_000;

/** Asks until the server answers: it may be killed at any moment. What it refuses in the end is thrown. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (left <= 1) throw error;
      await sleep(TRY_EVERY_MS);
    }
  }
}

/** Two people decide the doubts of a slot by what is missing from it. */
async function decide({ books, kiosk, layout, seed }: World, row: SlotRow, goods: number): Promise<void> {
  const second = new Books(layout.urls.server, seed.second.token);
  const doubts = (await books.redemptions()).filter(
    ({ state, slot, kioskId }) => state === 'in_doubt' && slot === row.slot && kioskId === kiosk.id,
  );
  for (const [index, { redemptionId }] of doubts.entries()) {
    const outcome = index < row.onHand - goods ? 'captured' : 'released';
    await second.confirm(redemptionId, await books.propose(redemptionId, outcome));
  }
}

/** Counts a slot; where that proves nothing, two people decide and it is counted again. */
async function count(world: World, row: SlotRow): Promise<void> {
  const { books, cabinet, kiosk } = world;
  const goodsNow = async (): Promise<number> =>
    (await cabinet.state()).slots.find(({ slot }) => slot === row.slot)?.goods ?? 0;
  const goods = await goodsNow();
  if ((await books.count(kiosk.id, row.slot, goods, 0)) !== 'not_conclusive') return;
  await decide(world, row, goods);
  await books.count(kiosk.id, row.slot, await goodsNow(), 0);
}

/** Books a load until it is surely booked, once, then puts the goods in: what the books lack is never there. */
async function refill({ books, cabinet, kiosk }: World, slot: number, quantity: number): Promise<void> {
  const key = randomUUID();
  await insist(() => books.load(kiosk.id, slot, quantity, key));
  const goods = (await cabinet.state()).slots.find((one) => one.slot === slot)?.goods ?? 0;
  await cabinet.fill(slot, goods + quantity);
}

/**
 * A field engineer's round while nobody stands before the machine: mends, empties the tray, counts what is out of service
 * (everything with `countAll`), ends doubts, refills with the door open.
 */
export async function round(world: World, { countAll }: { countAll: boolean }): Promise<void> {
  const { books, cabinet, kiosk } = world;
  await cabinet.mend();
  await cabinet.takeGift();
  for (const row of await insist(() => books.slots(kiosk.id))) {
    if (countAll || !row.inService || row.inDoubt > 0) await insist(() => count(world, row));
    if (row.outReason === 'staff' || row.outReason === 'brownouts')
      await insist(() => books.reopen(kiosk.id, row.slot));
  }
  const low = (await insist(() => books.slots(kiosk.id))).filter(({ available }) => available < LOW_STOCK);
  if (low.length === 0 || countAll) return;
  await cabinet.openDoor(true);
  try {
    for (const { slot, capacity, onHand } of low) if (capacity > onHand) await refill(world, slot, capacity - onHand);
  } finally {
    await cabinet.openDoor(false);
  }
}
