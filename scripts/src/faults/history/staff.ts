import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { AtSlot } from './calls.ts';
import { factsOf, type HttpDoor, type Scene } from './http-door.ts';

const slotSchema = z.looseObject({
  slot: z.int(),
  capacity: z.int(),
  onHand: z.int(),
  reserved: z.int(),
  inDoubt: z.int(),
  outReason: z.nullable(z.string()),
});
export type SlotSeen = z.infer<typeof slotSchema>;
const slotsSchema = z.object({ items: z.array(slotSchema) });
const balanceSchema = z.looseObject({ available: z.int(), held: z.int() });

/** A till: sales, and a look at what the member has. */
export async function till(
  scene: Scene,
  doors: { sale: HttpDoor; look: HttpDoor },
  chance: SeededChance,
  members: readonly string[],
): Promise<void> {
  while (!scene.stopped()) {
    const member = chance.pick(members);
    if (chance.happens(0.4)) await balance(scene, doors.look, member);
    else {
      const points = 10 + chance.integer(60);
      const body = { member: { memberId: member }, points, reference: randomUUID() };
      await doors.sale.write({ call: 'accrue', member, points }, '/v1/accruals', body);
    }
    await sleep(chance.integer(4));
  }
}

async function balance({ recorder }: Scene, door: HttpDoor, member: string): Promise<void> {
  const begun = recorder.begin({ call: 'balance', member });
  const seen = await door.read(`/v1/members/${member}/balance`, balanceSchema);
  if (seen) recorder.end(begun, { kind: 'ok', facts: factsOf(seen) });
}

/** Staff at the slots: refills, corrections, counts, in and out of service. */
export async function staff(
  scene: Scene,
  door: HttpDoor,
  chance: SeededChance,
  slots: readonly AtSlot[],
): Promise<void> {
  while (!scene.stopped()) {
    const at = chance.pick(slots);
    const seen = await look(scene, door, at, slots);
    if (seen) await tend(door, chance, at, seen);
    await sleep(chance.integer(12));
  }
}

/** One look shows every slot of a kiosk. */
async function look(
  { recorder }: Scene,
  door: HttpDoor,
  at: AtSlot,
  slots: readonly AtSlot[],
): Promise<SlotSeen | undefined> {
  const watched = slots.filter(({ kiosk }) => kiosk === at.kiosk);
  const begun = watched.map((each) => ({ each, look: recorder.begin({ call: 'slot', ...each }) }));
  const seen = await door.read(`/v1/kiosks/${at.kiosk}/slots`, slotsSchema);
  if (!seen) return undefined;
  for (const { each, look } of begun) {
    const found = seen.items.find(({ slot }) => slot === each.slot);
    if (found) recorder.end(look, { kind: 'ok', facts: factsOf(found) });
  }
  return seen.items.find(({ slot }) => slot === at.slot);
}

async function tend(door: HttpDoor, chance: SeededChance, at: AtSlot, seen: SlotSeen): Promise<void> {
  const path = `/v1/kiosks/${at.kiosk}/slots/${String(at.slot)}`;
  const dice = chance.integer(100);
  const broken = seen.outReason !== null;
  if (dice < (broken ? 70 : 15)) {
    const counted = chance.pick([seen.onHand, seen.onHand, seen.onHand - seen.inDoubt, seen.onHand + 1]);
    if (counted >= 0) await door.write({ call: 'count', ...at, counted }, `${path}/counts`, { counted });
  } else if (dice < 75) {
    const units = 1 + chance.integer(4);
    await door.write({ call: 'load', ...at, units }, `${path}/loads`, { quantity: units });
  } else if (dice < 85) {
    const units = chance.integer(5) - 3;
    const body = { quantity: units, reason: 'recount' };
    await door.write({ call: 'adjust', ...at, units }, `${path}/adjustments`, body);
  } else {
    const inService = broken || chance.happens(0.5);
    await door.write({ call: 'service', ...at, inService }, `${path}/service`, { inService });
  }
}
