import * as z from 'zod';
import { kioskName, rewards } from './alliance.ts';
import { demoPicture } from './pictures.ts';
import { must, type Steps } from './steps.ts';

export type SeededReward = { readonly rewardId: string; readonly name: string; readonly price: number };
export type SeededKiosk = {
  readonly id: string;
  readonly name: string;
  readonly slots: number;
  /** One use; null once the kiosk is enrolled. */
  readonly enrolmentCode: string | null;
};

const reward = z.object({ rewardId: z.string(), name: z.object({ en: z.string() }), picture: z.string().nullish() });
const kiosk = z.object({ kioskId: z.string(), name: z.string(), state: z.string() });
const code = z.object({ enrolmentCode: z.string() });

/** Gifts with the pictures that were drawn for them. */
export async function seedRewards(steps: Steps): Promise<SeededReward[]> {
  const known = await steps.list('/v1/rewards', reward);
  const seeded: SeededReward[] = [];
  for (const demo of rewards) {
    const { name, about, price } = demo;
    const limit = demo.perMemberLimit === undefined ? {} : { perMemberLimit: demo.perMemberLimit };
    const found =
      known.find((one) => one.name.en === name.en) ??
      (await steps.make('/v1/rewards', reward, { name, about, price, ...limit }, `reward-${demo.picture}`));
    if (typeof found.picture !== 'string') {
      const file = { type: 'image/svg+xml', bytes: demoPicture(demo.picture) };
      const path = `/v1/rewards/${found.rewardId}/picture`;
      must(await steps.api.upload(path, z.object({}), file, `picture-${found.rewardId}`));
    }
    seeded.push({ rewardId: found.rewardId, name: name.en, price });
  }
  return seeded;
}

async function planAndLoad(steps: Steps, kioskId: string, gifts: readonly SeededReward[]): Promise<void> {
  const slots = rewards.map((demo, index) => ({
    slot: index + 1,
    rewardId: gifts[index]?.rewardId,
    capacity: demo.capacity,
  }));
  await steps.replace(`/v1/kiosks/${kioskId}/planogram`, z.object({}), { slots }, `planogram-${kioskId}`);
  for (const [index, demo] of rewards.entries()) {
    const slot = String(index + 1);
    const body = { quantity: demo.loaded, reason: 'demo' };
    await steps.make(`/v1/kiosks/${kioskId}/slots/${slot}/loads`, z.object({}), body, `load-${kioskId}-${slot}`);
  }
}

/** One kiosk with eight slots, planned and loaded. An enrolled kiosk keeps what it has. */
export async function seedKiosk(steps: Steps, gifts: readonly SeededReward[], freshKey: string): Promise<SeededKiosk> {
  const known = (await steps.list('/v1/kiosks', kiosk)).find((one) => one.name === kioskName);
  const slots = rewards.length;
  const body = { name: kioskName, slots };
  const { kioskId } = known ?? (await steps.make('/v1/kiosks', z.object({ kioskId: z.string() }), body, 'kiosk'));
  const { state } = known ?? { state: 'new' };
  if (state !== 'new') return { id: kioskId, name: kioskName, slots, enrolmentCode: null };
  await planAndLoad(steps, kioskId, gifts);
  const made = must(await steps.api.post(`/v1/kiosks/${kioskId}/enrolment-codes`, code, {}, freshKey));
  return { id: kioskId, name: kioskName, slots, enrolmentCode: made.enrolmentCode };
}
