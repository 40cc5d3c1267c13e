import { randomUUID } from 'node:crypto';
import { KioskLine } from '../../harness/kiosk-line.ts';
import { OpenDoor } from '../../harness/open-door.ts';
import type { ServerAlone } from '../../harness/server-alone.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import { Things } from './things.ts';

export type Role = 'admin' | 'terminal' | 'public' | 'nonsense';

/** What the doors are tried on, and what must not come out of them. */
export type Stage = {
  readonly things: Things;
  readonly line: KioskLine;
  readonly members: readonly { readonly memberId: string; readonly pin: string }[];
  /** The operator's own hand, for what keeps the stage alive. */
  readonly door: OpenDoor;
  readonly tokens: Readonly<Record<Role, string | undefined>>;
  /** Of people whom only staff may know: whoever else hears one of these words has heard too much. */
  readonly canaries: readonly string[];
  /** Of nobody's business, staff's neither. */
  readonly secrets: readonly string[];
};

const CAPACITY = 20;
const MEMBERS = 3;

const canaryMembers = Array.from({ length: MEMBERS }, (_, index) => ({
  name: `Quetzalina Canary${String(index)} Xylofonia`,
  pin: `7${String(391 + index)}`,
  phone: `+4915799${String(100200 + index)}`,
}));

export async function setStage({ url, operator }: ServerAlone, chance: SeededChance): Promise<Stage> {
  const door = new OpenDoor(url, operator);
  const things = new Things();
  const rewards = [await door.makeReward(20), await door.makeReward(50)];
  for (const rewardId of rewards) things.add('rewardId', rewardId);
  const slots = rewards.map((rewardId, at) => ({ slot: at + 1, rewardId, capacity: CAPACITY }));
  const line = new KioskLine(url, chance);
  await line.enrol(await door.makeKiosk(slots, CAPACITY / 2));
  things.add('kioskId', line.kioskId);
  for (const slot of [1, 2]) things.add('slot', slot);
  for (const price of [20, 50]) things.add('price', price);
  const [own, foreign] = [await door.makeTill(), await door.makeTill()];
  const members: { memberId: string; pin: string }[] = [];
  const reference = `canary-sale-${randomUUID()}`;
  for (const { name, pin, phone } of canaryMembers) {
    const body = { name, pin, language: 'en', address: { kind: 'phone', value: phone } };
    const memberId = String((await door.make('/v1/members', body))['memberId']);
    members.push({ memberId, pin });
    things.add('memberId', memberId);
    things.add('pin', pin);
    const sale = { member: { memberId }, points: 5_000, reference: `${reference}-${memberId}` };
    await new OpenDoor(url, foreign).make('/v1/accruals', sale);
  }
  return {
    things,
    line,
    members,
    door,
    tokens: { admin: operator, terminal: own, public: undefined, nonsense: `tst_${'n'.repeat(43)}` },
    canaries: [...canaryMembers.flatMap(({ name, phone }) => [name, name.split(' ')[1] ?? name, phone]), reference],
    secrets: ['$argon2', operator, own, foreign],
  };
}
