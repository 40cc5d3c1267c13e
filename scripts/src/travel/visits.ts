import { clockChange, DAY_MS, HOUR_MS, isMonthStart, localMonthStart, places } from './places.ts';
import { finishCourse, giveBack, sell, sendKept } from './sales.ts';
import { adjust, pay, redeem, refundPayment, transfer } from './spending.ts';
import type { Deed, Person, Shop, World } from './world.ts';

/** What somebody does who comes, by how often of a hundred times. */
const HABITS: readonly (readonly [weight: number, act: (world: World, person: Person, shop: Shop) => Promise<void>])[] =
  [
    [62, (world, person, shop) => sell(world, person, shop)],
    [6, (world, person, shop) => sell(world, person, shop, world.time.nowMs() - world.chance.integer(6 * DAY_MS))],
    [3, sendKept],
    [9, pay],
    [7, (world, person) => giveBack(world, person)],
    [3, (world, person) => refundPayment(world, person)],
    [7, (world, person) => redeem(world, person)],
    [2, (world, person) => transfer(world, person)],
    [1, (world, person) => adjust(world, person)],
  ];

/** Where somebody goes: mostly at home. Undefined where everything there has closed. */
function shopFor({ shops, chance }: World, { place }: Person): Shop | undefined {
  const open = shops.filter((shop) => shop.state !== 'left');
  const near = open.filter((shop) => shop.place === place);
  if (near.length > 0 && chance.happens(0.85)) return chance.pick(near);
  return open.length === 0 ? undefined : chance.pick(open);
}

async function visit(world: World, person: Person): Promise<void> {
  const shop = shopFor(world, person);
  if (!shop) return;
  let at = world.chance.integer(100);
  for (const [weight, act] of HABITS) {
    if (at < weight) return act(world, person, shop);
    at -= weight;
  }
}

/** All who come on a day of UTC, at any hour of it: somewhere it is always noon. In December they come twice as often. */
export function visitsOf(world: World, day: number): Deed[] {
  const { chance, people } = world;
  const month = new Date(day).getUTCMonth();
  const deeds: Deed[] = [];
  for (const person of people) {
    if (person.away.includes(month)) continue;
    const times = Number(chance.happens(person.daily)) + Number(month === 11 && chance.happens(person.daily));
    for (let time = 0; time < times; time += 1)
      deeds.push({ at: day + chance.integer(DAY_MS), run: () => visit(world, person) });
  }
  return [...deeds, ...edgesOf(world, day)];
}

/** Sales at the very edges of time: where months begin on the wall, and where clocks are changed. */
function edgesOf(world: World, day: number): Deed[] {
  const deeds: Deed[] = [];
  for (const place of places) {
    const buyAt = (at: number): void => {
      const shop = world.shops.find((each) => each.place === place && each.state === 'open');
      const person = world.people.find((each) => each.place === place);
      if (shop && person) deeds.push({ at, run: () => sell(world, person, shop) });
    };
    const month = localMonthStart(day, place);
    if (month !== undefined) for (const off of [-1, 0, 1]) if (month + off >= day) buyAt(month + off);
    const change = clockChange(day, place);
    if (change !== undefined)
      for (const off of [0, HOUR_MS / 2, HOUR_MS - 1, HOUR_MS, HOUR_MS * 1.5]) buyAt(change + off);
  }
  const [first] = world.shops;
  if (first?.state === 'open' && isMonthStart(day)) {
    deeds.push({ at: day + 10 * HOUR_MS, run: () => finishCourse(world, first) });
  }
  return deeds;
}
