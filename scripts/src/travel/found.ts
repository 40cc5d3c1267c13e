import * as z from 'zod';
import type { SeededChance } from '../simulate/seeded-chance.ts';
import type { TravelClock } from './clock.ts';
import { anything, type Desk } from './desk.ts';
import { places, type Place } from './places.ts';
import { PIN, type Person, type Shop } from './world.ts';

const inAll = (text: string) => ({ zh: text, en: text, ar: text });
const made = z.looseObject({
  merchantId: z.string().optional(),
  industryId: z.string().optional(),
  branchId: z.string().optional(),
  token: z.string().optional(),
  memberId: z.string().optional(),
});

interface Founding {
  readonly desk: Desk;
  readonly operator: string;
}

/** How points of each third merchant expire: by days, with the year, on inactivity. */
const expiryOf = (index: number, place: Place): object => {
  const kinds = [
    { pointsValidDays: 365 },
    { pointsExpiry: { kind: 'calendar', years: 0, timeZone: place.timeZone } },
    { pointsExpiry: { kind: 'inactivity', days: 120 } },
  ];
  return kinds[Math.floor(index / places.length + index) % kinds.length] ?? {};
};

/** Merchants in turn in each of the places, with contracts that differ in all that time touches. */
export async function foundShops({ desk, operator }: Founding, count: number): Promise<Shop[]> {
  const { industryId } = await desk.must(operator, '/v1/industries', made, { name: inAll('Food') });
  const shops: Shop[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = places[index % places.length] ?? places[0];
    if (!place) throw new Error('there are places');
    const contract = {
      name: `Shop ${String(index)}`,
      industryId,
      currency: place.currency,
      timeZone: place.timeZone,
      rate: { points: 1, perMinor: place.currency === 'CNY' ? 500 : 100 },
      ...expiryOf(index, place),
    };
    const { merchantId = '' } = await desk.must(operator, '/v1/merchants', made, contract);
    for (const state of ['signed', 'active'])
      await desk.must(operator, `/v1/merchants/${merchantId}/state`, made, { state });
    const till = await desk.must(operator, `/v1/merchants/${merchantId}/terminals`, made, { name: 'Till' });
    shops.push({ index, merchantId, till: till.token ?? '', place, state: 'open' });
  }
  return shops;
}

/** Earning rules that ask for the wall clock, a birthday, a first visit, a tier, or that keep points back. */
export async function foundRules({ desk, operator }: Founding, shops: readonly Shop[]): Promise<void> {
  const add = (name: string, definition: object, merchantId: string | null = null) =>
    desk.must(operator, '/v1/earning-rules', anything, { merchantId, name, definition });
  const weekend = { weekdays: [6, 7], from: '00:00', to: '24:00' };
  await add('Weekend', {
    gives: { kind: 'multiplier', percent: 150 },
    when: { window: weekend },
    caps: [{ per: 'member_month', points: 200, beyond: 'truncate' }],
  });
  await add('Night', {
    gives: { kind: 'bonus', points: 3 },
    when: { window: { from: '23:00', to: '03:00' } },
    caps: [{ per: 'member_day', times: 2 }],
  });
  await add('Birthday', { gives: { kind: 'bonus', points: 50 }, when: { birthday: 'day' }, cooldownHours: 24 });
  await add('First visit', { gives: { kind: 'bonus', points: 20 }, when: { firstVisit: true }, pending: { days: 14 } });
  await add('Gold', {
    gives: { kind: 'multiplier', percent: 120 },
    when: { tiers: ['gold'] },
    fundedBy: 'operator',
  });
  const [first] = shops;
  if (!first) return;
  await add(
    'Tea',
    { gives: { kind: 'rate', points: 2, perMinor: 100 }, when: { products: ['tea'] } },
    first.merchantId,
  );
  const course = { gives: { kind: 'bonus', points: 10 }, when: { products: ['course'] }, pending: { event: 'course' } };
  await add('Course', course, first.merchantId);
}

const tier = (code: string, points: number, memberDays = 0) => ({ code, name: inAll(code), points, memberDays });

/** The alliance's first tiers: within half a year. */
export const firstTiers = {
  timeZone: 'Europe/Berlin',
  span: { kind: 'days', days: 180 },
  graceDays: 30,
  tiers: [tier('silver', 150), tier('gold', 400)],
};
/** And the next ones: with the year, one of them by age alone. */
export const nextTiers = {
  timeZone: 'Asia/Shanghai',
  span: { kind: 'year' },
  graceDays: 60,
  tiers: [tier('friend', 0, 400), tier('silver', 300, 400), tier('gold', 900, 400)],
};

/** Pieces a slot. */
export const CAPACITY = 1000;

/** Gifts of a kiosk, whose slots are still empty: of the operator, and of the first merchant. */
export async function foundGifts({ desk, operator }: Founding, shops: readonly Shop[]): Promise<string> {
  const reward = z.looseObject({ rewardId: z.string() });
  const gifts = [
    { price: 40, ownerMerchantId: null },
    { price: 90, ownerMerchantId: shops[0]?.merchantId ?? null },
  ];
  const rewards: string[] = [];
  for (const gift of gifts) {
    const { rewardId } = await desk.must(operator, '/v1/rewards', reward, { name: inAll('Gift'), ...gift });
    rewards.push(rewardId);
  }
  const code = z.looseObject({ kioskId: z.string(), enrolmentCode: z.string() });
  const kiosk = await desk.must(operator, '/v1/kiosks', code, { name: 'Kiosk', slots: rewards.length });
  const slots = rewards.map((rewardId, index) => ({ slot: index + 1, rewardId, capacity: CAPACITY }));
  await desk.put(operator, `/v1/kiosks/${kiosk.kioskId}/planogram`, { slots });
  return kiosk.enrolmentCode;
}

/** How often the kinds of people come. */
const TEMPERS = [0.5, 0.25, 0.12, 0.04] as const;
const AWAY = [[], [], [6, 7, 8, 9, 10, 11], [1, 2, 3, 4, 5]] as const;

/** Somebody joins: in one of the places, with habits of their own. */
export async function join(
  { desk, operator }: Founding,
  { time, chance, index }: { time: TravelClock; chance: SeededChance; index: number },
): Promise<Person> {
  const place = places[index % places.length];
  if (!place) throw new Error('there are places');
  const body = { name: `Member ${String(index)}`, language: index % 2 === 0 ? 'en' : 'zh', pin: PIN };
  const { memberId = '' } = await desk.must(operator, '/v1/members', made, body);
  const birthdays = ['02-29', '12-31', '01-01', '03-29', '10-25'];
  const birthday =
    birthdays[index] ?? new Date(time.nowMs() - chance.integer(365) * 86_400_000).toISOString().slice(5, 10);
  await desk.put(operator, `/v1/members/${memberId}/birthday`, { birthday });
  const daily = TEMPERS[index % TEMPERS.length] ?? 0.1;
  return { memberId, place, daily, away: chance.pick(AWAY), sales: [], payments: [] };
}
