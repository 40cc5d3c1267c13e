import { expect } from 'chai';
import type { Running, Member } from './running.ts';

/** What a redemption may change, read from those who know: the server's books and the cabinet. */
export async function factsOf({ books, cabinet, kioskId }: Running, { memberId }: Member) {
  const [balance, slots, state, rows] = await Promise.all([
    books.balance(memberId),
    books.slots(kioskId),
    cabinet.state(),
    books.redemptions(),
  ]);
  return {
    ...balance,
    onHand: slots.reduce((total, slot) => total + slot.onHand, 0),
    goods: state.slots.reduce((total, slot) => total + slot.goods, 0),
    drops: state.drops.length,
    rows,
  };
}
export type Facts = Awaited<ReturnType<typeof factsOf>>;

/** The one redemption that came since. */
export function newRow(before: Facts, after: Facts): Facts['rows'][number] {
  const fresh = after.rows.filter((row) => !before.rows.some((old) => old.redemptionId === row.redemptionId));
  expect(fresh).to.have.lengthOf(1);
  return fresh[0]!;
}

/** Waits until the books say what is expected; the kiosk reports in its own time. */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (holds(value) || performance.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Every invariant of the architecture page, on the live database. */
export async function expectCleanBooks({ books }: Running): Promise<void> {
  const report = await books.check();
  expect(report.checks.filter(({ ok }) => ok === false)).to.deep.equal([]);
  expect(report.ok).to.equal(true);
}

/** The text that a member's phone shows now. */
export async function codeOf({ qrUrl }: Member): Promise<string> {
  const response = await fetch(qrUrl);
  expect(response.status).to.equal(200);
  return (await response.text()).trim();
}
