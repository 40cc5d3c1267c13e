import * as z from 'zod';
import { clockChange, DAY_MS, dayStart, HOUR_MS, isLeapDay } from './places.ts';
import type { Person, Shop, Sold, World } from './world.ts';

const accrued = z.looseObject({ accrualId: z.string(), points: z.number(), soldAt: z.number() });
const item = z.looseObject({ ok: z.boolean(), accrualId: z.string().optional(), points: z.number().optional() });
const batch = z.looseObject({ results: z.array(item) });

const PRODUCTS = ['tea', 'course', 'cup', 'cake'] as const;
/** A till that was offline keeps its sales for so long at most. */
const OFFLINE_MS = 6 * DAY_MS;
/** Goods come back within this time; then a sale is forgotten here. */
const KEPT_MS = 60 * DAY_MS;

function wantedSale(world: World, shop: Shop, soldAt?: number) {
  const { chance } = world;
  const unit = shop.place.currency === 'CNY' ? 500 : 100;
  const lines = chance.happens(0.4)
    ? Array.from({ length: 1 + chance.integer(3) }, () => ({
        product: chance.pick(PRODUCTS),
        amountMinor: (1 + chance.integer(30)) * unit + chance.integer(unit),
      }))
    : undefined;
  const amountMinor =
    lines?.reduce((sum, line) => sum + line.amountMinor, 0) ?? (2 + chance.integer(60)) * unit + chance.integer(unit);
  const late = soldAt === undefined ? {} : { soldAt };
  return {
    reference: world.newReference('sale'),
    amountMinor,
    currency: shop.place.currency,
    ...(lines ? { lines } : {}),
    ...late,
  };
}

function remember(world: World, person: Person, shop: Shop, sold: Omit<Sold, 'shop'>): void {
  const nowMs = world.time.nowMs();
  while ((person.sales[0]?.at ?? nowMs) < nowMs - KEPT_MS) person.sales.shift();
  person.sales.push({ ...sold, shop });
}

/** A sale of now, or one that the till had kept; what it comes to is counted. */
export async function sell(world: World, person: Person, shop: Shop, soldAt?: number): Promise<void> {
  const { desk, tally, time } = world;
  const sale = wantedSale(world, shop, soldAt);
  const body = { member: { memberId: person.memberId }, ...sale };
  const done = await desk.try(shop.till, '/v1/accruals', accrued, body, ['issuing_suspended']);
  if (!done.ok) {
    tally.count('sale.suspended_issuer', time.nowMs(), shop.merchantId);
    return;
  }
  const { accrualId, points } = done.value;
  const at = done.value.soldAt;
  tally.count('sale', time.nowMs(), `${accrualId} ${String(points)}`);
  tally.add('points.given', points);
  if (soldAt !== undefined) tally.add('sale.late', 1);
  if (isLeapDay(at, shop.place)) tally.add('sale.leap_day', 1);
  const change = clockChange(dayStart(at), shop.place);
  if (change !== undefined && Math.abs(at - change) < 2 * HOUR_MS) tally.add('sale.clocks_change', 1);
  const lines = (sale.lines ?? []).map((line, index) => ({ line: index + 1, amountMinor: line.amountMinor }));
  remember(world, person, shop, { accrualId, at: time.nowMs(), left: sale.amountMinor, lines });
}

/** A till comes back and sends what it kept, all at once. */
export async function sendKept(world: World, person: Person, shop: Shop): Promise<void> {
  const { desk, tally, time, chance } = world;
  const member = { memberId: person.memberId };
  const sales = Array.from({ length: 2 + chance.integer(3) }, () =>
    wantedSale(world, shop, time.nowMs() - chance.integer(OFFLINE_MS)),
  );
  const accruals = sales.map((sale) => ({ member, ...sale }));
  const { results } = await desk.must(shop.till, '/v1/accruals/batch', batch, { accruals });
  for (const [index, { accrualId, points }] of results.entries()) {
    const sale = sales[index];
    if (accrualId === undefined || !sale) {
      tally.count('sale.suspended_issuer', time.nowMs(), shop.merchantId);
      continue;
    }
    tally.count('sale', time.nowMs(), `${accrualId} ${String(points)}`);
    tally.add('points.given', points ?? 0);
    tally.add('sale.late', 1);
    remember(world, person, shop, { accrualId, at: time.nowMs(), left: sale.amountMinor, lines: [] });
  }
}

const refunded = z.looseObject({ points: z.number(), owed: z.number(), amountMinor: z.number() });

/** Goods of an earlier sale come back: all, or some of them. */
export async function giveBack(world: World, person: Person): Promise<void> {
  const { chance, desk, tally, time, operator } = world;
  const open = person.sales.filter((sale) => sale.left > 0);
  if (open.length === 0) return;
  const sale = chance.pick(open);
  const line = sale.lines.length > 0 ? chance.pick(sale.lines) : undefined;
  const amountMinor = 1 + chance.integer(sale.left);
  const goods = chance.happens(0.5) ? 'all' : line ? { lines: [line] } : { amountMinor };
  // A merchant that has left has no till any more: staff do it.
  const token = sale.shop.state === 'left' ? operator : sale.shop.till;
  const body = { reference: world.newReference('back'), reason: 'brought back', goods };
  const path = `/v1/accruals/${sale.accrualId}/refunds`;
  const done = await desk.try(token, path, refunded, body, ['conflict', 'invalid_fields']);
  if (!done.ok) return;
  sale.left = goods === 'all' ? 0 : Math.max(0, sale.left - done.value.amountMinor);
  tally.count('return', time.nowMs(), `${sale.accrualId} ${String(done.value.points)}`);
  tally.add('points.taken_back', done.value.points);
  if (done.value.owed > 0) tally.add('return.owed', 1);
}

/** What waits for an event of the first merchant's becomes available. */
export async function finishCourse(world: World, shop: Shop): Promise<void> {
  const vested = z.looseObject({ points: z.number() });
  const done = await world.desk.must(shop.till, '/v1/vestings', vested, { event: 'course' });
  if (done.points > 0) world.tally.count('vested', world.time.nowMs(), String(done.points));
}
