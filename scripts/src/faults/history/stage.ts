import { KioskLine } from '../../harness/kiosk-line.ts';
import { OpenDoor } from '../../harness/open-door.ts';
import type { ServerAlone } from '../../harness/server-alone.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { AtSlot } from './calls.ts';
import type { Member } from './kiosk-hands.ts';

export type Stage = {
  readonly lines: readonly KioskLine[];
  readonly slots: readonly AtSlot[];
  readonly members: readonly Member[];
  /** The token of a till. */
  readonly till: string;
};

const HOT_MEMBERS = 3;
const KIOSKS = 2;
const PRICES = [30, 45, 80];
export const CAPACITY = 12;
export const FIRST_LOAD = 6;

/** A merchant with a till, a few kiosks of a few slots, each slot with a gift of its own, and members without points. */
export async function setStage({ url, operator }: ServerAlone, chance: SeededChance): Promise<Stage> {
  const door = new OpenDoor(url, operator);
  const rewards: string[] = [];
  for (const price of PRICES) rewards.push(await door.makeReward(price));
  const lines: KioskLine[] = [];
  for (let index = 0; index < KIOSKS; index += 1) {
    const line = new KioskLine(url, chance.fork());
    const slots = rewards.map((rewardId, at) => ({ slot: at + 1, rewardId, capacity: CAPACITY }));
    await line.enrol(await door.makeKiosk(slots, FIRST_LOAD));
    lines.push(line);
  }
  const slots = lines.flatMap(({ kioskId }) => PRICES.map((_, at) => ({ kiosk: kioskId, slot: at + 1 })));
  const members: Member[] = [];
  for (let index = 0; index < HOT_MEMBERS; index += 1) members.push(await door.makeMember(String(2000 + index)));
  return { lines, slots, members, till: await door.makeTill() };
}
