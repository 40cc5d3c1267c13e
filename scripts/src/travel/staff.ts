import * as z from 'zod';
import { anything, Broken } from './desk.ts';
import { CAPACITY, firstTiers, nextTiers } from './found.ts';
import { DAY_MS, dateOf } from './places.ts';
import { leave } from './settling.ts';
import { agree, type World } from './world.ts';

const CENT = 1_000_000;

/** What points are worth at first: a cent in the fund, the issuer's fee on top, a little less for whoever takes them. */
const worth = { faceMicro: CENT, issueMicro: (CENT * 12) / 10, redeemMicro: (CENT * 95) / 100 };

/** Prices and terms as the alliance begins with them. */
export async function foundMoney(world: World): Promise<void> {
  const { desk, operator, shops } = world;
  for (const currency of ['EUR', 'CNY']) await agree(world, { action: 'set_rate', party: '*', currency, ...worth });
  await agree(world, { action: 'set_rate', party: '*', currency: 'USD', ...worth, basis: 'on_redeem' });
  const [first, second, third] = shops;
  if (first)
    await agree(world, { action: 'set_terms', party: first.merchantId, reservePpm: 50_000, reserveCapMinor: 5_000 });
  if (second) {
    await agree(world, { action: 'set_terms', party: second.merchantId, creditLimitMinor: 0 });
    await prepay(world);
  }
  const fromMonth = dateOf(world.time.nowMs()).slice(0, 7);
  if (third) await agree(world, { action: 'set_fee', party: third.merchantId, amountMinor: 500, fromMonth });
  await desk.must(operator, '/v1/tier-ladders', anything, firstTiers);
}

/** The second merchant pays ahead: not always in time, so that its issuing is suspended now and then. */
async function prepay(world: World): Promise<void> {
  const shop = world.shops[1];
  if (shop?.state !== 'open') return;
  const body = { amountMinor: 200 + world.chance.integer(600), reference: world.newReference('bank') };
  await world.desk.must(world.operator, `/v1/clearing/parties/${shop.merchantId}/prepayments`, anything, body);
}

const slots = z.looseObject({ items: z.array(z.looseObject({ slot: z.number(), onHand: z.number() })) });

/** Counts what is in the kiosk, and fills it up. */
export async function refill(world: World): Promise<void> {
  const { desk, operator, kiosk } = world;
  const base = `/v1/kiosks/${kiosk.kioskId}/slots`;
  for (const { slot, onHand } of (await desk.get(operator, base, slots)).items) {
    const counted = kiosk.goods.get(slot) ?? 0;
    await desk.must(operator, `${base}/${String(slot)}/counts`, anything, { counted, tray: 0 });
    if (counted !== onHand)
      throw new Broken(`Slot ${String(slot)} holds ${String(counted)}, booked ${String(onHand)}.`);
    if (counted === CAPACITY) continue;
    const load = { quantity: CAPACITY - counted, reason: 'refill' };
    await desk.must(operator, `${base}/${String(slot)}/loads`, anything, load);
    kiosk.goods.set(slot, CAPACITY);
  }
}

/** A new price, agreed ten days before it holds. */
async function changeRates(world: World, year: number): Promise<void> {
  const { time, tally } = world;
  const more = year % 2 === 0 ? 1_010_000 : 1_000_000;
  const rates = { faceMicro: more, issueMicro: more + 150_000, redeemMicro: more - 70_000 };
  const validFrom = time.nowMs() + 10 * DAY_MS;
  for (const currency of ['EUR', 'CNY', 'USD']) {
    const basis = currency === 'USD' && year % 2 === 0 ? 'on_redeem' : 'on_issue';
    await agree(world, { action: 'set_rate', party: '*', currency, ...rates, basis, validFrom });
  }
  tally.count('rate.dated', time.nowMs(), String(validFrom));
}

/** A rule of one day: the leap day of the place, from its first moment to its last. */
async function planLeapDay(world: World, year: number): Promise<void> {
  const definition = { gives: { kind: 'multiplier', percent: 129 }, fundedBy: 'operator' };
  const [startsAt, endsAt] = [Date.UTC(year, 1, 29), Date.UTC(year, 2, 1)];
  const body = { merchantId: null, name: `29 February ${String(year)}`, definition, startsAt, endsAt };
  await world.desk.must(world.operator, '/v1/earning-rules', anything, body);
}

/** What staff do on a day of UTC that comes once a year, or once. @param first the first day of the journey */
export async function staffDay(world: World, day: number, first: number): Promise<void> {
  const date = new Date(day);
  const [year, monthDay] = [date.getUTCFullYear(), dateOf(day).slice(5)];
  if (monthDay === '06-21') await changeRates(world, year);
  if (monthDay === '02-20' && year % 4 === 0) await planLeapDay(world, year);
  const month = (year - new Date(first).getUTCFullYear()) * 12 + date.getUTCMonth() - new Date(first).getUTCMonth();
  if (date.getUTCDate() === 10) await refill(world);
  if (date.getUTCDate() !== 15) return;
  if (month % 2 === 1) await prepay(world);
  const { shops, desk, operator } = world;
  // In the second year one merchant stops paying and another one leaves; the tiers change in its middle.
  if (month === 14 && shops[3]) shops[3].state = 'late';
  if (month === 17)
    await desk.must(operator, '/v1/tier-ladders', anything, { ...nextTiers, startsAt: day + 20 * DAY_MS });
  if (month === 20 && shops[4]) await leave(world, shops[4]);
}
