import * as z from 'zod';
import { anything } from './desk.ts';
import { PIN, type Person, type Shop, type World } from './world.ts';

const balance = z.looseObject({ available: z.number() });
const payment = z.looseObject({ paymentId: z.string() });

/** What a member has to spend. */
async function availableOf({ desk, operator }: World, person: Person): Promise<number> {
  return (await desk.get(operator, `/v1/members/${person.memberId}/balance`, balance)).available;
}

/** Points as payment: taken in whole or in part, given back, or forgotten by the till. */
export async function pay(world: World, person: Person, shop: Shop): Promise<void> {
  const { chance, desk, tally, time } = world;
  const available = await availableOf(world, person);
  if (available < 2) return;
  // Often all of it: then goods that come back make a debt.
  const points = chance.happens(0.5) ? available : 1 + chance.integer(available);
  const body = { approval: { memberId: person.memberId, pin: PIN }, points, reference: world.newReference('pay') };
  const held = await desk.try(shop.till, '/v1/payments', payment, body, ['insufficient_points']);
  if (!held.ok) return;
  const { paymentId } = held.value;
  const path = `/v1/payments/${paymentId}`;
  const fate = chance.next() / 2 ** 32;
  if (fate < 0.08) {
    await desk.must(shop.till, `${path}/void`, anything);
    tally.count('payment.voided', time.nowMs(), paymentId);
    return;
  }
  if (fate < 0.12) {
    tally.count('payment.forgotten', time.nowMs(), paymentId);
    return;
  }
  const captured = fate < 0.3 ? 1 + chance.integer(points) : points;
  await desk.must(shop.till, `${path}/capture`, anything, captured < points ? { points: captured } : {});
  tally.count('payment.captured', time.nowMs(), `${paymentId} ${String(captured)}`);
  if (captured < points) tally.add('payment.part', 1);
  tally.add('points.spent', captured);
  person.payments.push({ paymentId, shop, left: captured });
  if (person.payments.length > 10) person.payments.shift();
}

/** What was paid for with points comes back, in pieces or whole. */
export async function refundPayment(world: World, person: Person): Promise<void> {
  const { chance, desk, tally, time, operator } = world;
  const open = person.payments.filter((each) => each.left > 0);
  if (open.length === 0) return;
  const paid = chance.pick(open);
  const points = chance.happens(0.5) ? paid.left : 1 + chance.integer(paid.left);
  const token = paid.shop.state === 'left' ? operator : paid.shop.till;
  const body = { points, reason: 'brought back' };
  await desk.must(token, `/v1/payments/${paid.paymentId}/refunds`, anything, body);
  paid.left -= points;
  tally.count('payment.refunded', time.nowMs(), `${paid.paymentId} ${String(points)}`);
}

/** A gift at the kiosk; one in ten does not come out, and its points come back. */
export async function redeem(world: World, person: Person): Promise<void> {
  const { chance, kiosk, tally, time } = world;
  const outcome = chance.happens(0.1) ? 'not_dropped' : 'dropped';
  const ended = await kiosk.redeem(person.memberId, PIN, 1 + chance.integer(2), outcome);
  tally.count(`gift.${ended}`, time.nowMs(), person.memberId);
}

/** Points for a friend. */
export async function transfer(world: World, person: Person): Promise<void> {
  const { chance, desk, tally, time, operator, people } = world;
  const friend = chance.pick(people);
  const available = await availableOf(world, person);
  if (friend === person || available === 0) return;
  const points = 1 + chance.integer(available);
  const body = { to: friend.memberId, points, reason: 'for a friend' };
  await desk.must(operator, `/v1/members/${person.memberId}/transfers`, anything, body);
  tally.count('transfer', time.nowMs(), String(points));
}

/** A change by hand, by two people. */
export async function adjust(world: World, person: Person): Promise<void> {
  const { chance, desk, tally, time, operator } = world;
  const base = `/v1/members/${person.memberId}/point-adjustments`;
  const available = await availableOf(world, person);
  const takes = chance.happens(0.3) && available > 0;
  const points = takes ? -(1 + chance.integer(available)) : 1 + chance.integer(40);
  const proposal = z.looseObject({ adjustmentId: z.string() });
  const { adjustmentId } = await desk.must(operator, base, proposal, { points, reason: 'a mistake' });
  await desk.must(await world.second(), `${base}/${adjustmentId}/confirmation`, anything);
  tally.count('adjustment', time.nowMs(), String(points));
}
