import {
  replayPoints,
  type BurnPart,
  type Burnt,
  type ClawedBack,
  type ClearingPort,
  type LotMoved,
} from '@tessera/server/features/ledger/index';
import { expect } from 'chai';
import fc from 'fast-check';
import { openBooks, type Books } from '../support/ledger.ts';

const DAY = 86_400_000;

/** What clearing is told, added up: points that are still funded, and what of them each burn has cost. */
class Fund implements ClearingPort {
  points = 0;
  readonly #burnt = new Map<string, number>();

  issued(_tx: unknown, { points }: LotMoved): Promise<void> {
    return this.#add(points);
  }
  burnt(_tx: unknown, { burnId, parts }: Burnt): Promise<void> {
    return this.#burn(burnId, parts, 1);
  }
  returned(_tx: unknown, { burnId, parts }: Burnt): Promise<void> {
    return this.#burn(burnId, parts, -1);
  }
  clawedBack(_tx: unknown, { points, parts }: ClawedBack): Promise<void> {
    expect(parts.reduce((sum, part) => sum + part.points, 0)).to.equal(points);
    return this.#add(-points);
  }
  expired(_tx: unknown, { points }: LotMoved): Promise<void> {
    return this.#add(-points);
  }
  // What is owed, handed on or given back for a debt was and stays funded: the sum does not change.
  repaid(): Promise<void> {
    return Promise.resolve();
  }
  handedOn(): Promise<void> {
    return Promise.resolve();
  }
  restored(): Promise<void> {
    return Promise.resolve();
  }

  #add(points: number): Promise<void> {
    this.points += points;
    return Promise.resolve();
  }

  #burn(burnId: string, parts: readonly BurnPart[], sign: 1 | -1): Promise<void> {
    const points = parts.reduce((sum, part) => sum + part.points, 0) * sign;
    const burnt = (this.#burnt.get(burnId) ?? 0) + points;
    expect(burnt, 'no more comes back than was burnt').to.be.at.least(0);
    this.#burnt.set(burnId, burnt);
    return this.#add(-points);
  }
}

interface Hold {
  readonly holdId: string;
  readonly memberId: string;
  readonly points: number;
  state: 'open' | 'captured' | 'released';
  captured: number;
  returned: number;
}

/** The books beside what a child would keep with pebbles: one heap for each hold, and one for all that was ever given. */
class Bench {
  readonly holds: Hold[] = [];
  readonly sales: { readonly accrualId: string; readonly memberId: string; left: number }[] = [];
  readonly books: Books;

  constructor(books: Books) {
    this.books = books;
  }

  async step({ op, who, number, share }: Step): Promise<void> {
    const memberId = this.books.members[who];
    const points = 1 + (number % 60);
    switch (op) {
      case 'earn':
        return this.#earn(memberId, points, share);
      case 'hold':
        return this.#hold(memberId, points, share > 0.95);
      case 'capture':
      case 'release':
      case 'refund':
      case 'uncapture':
      case 'charge':
        return this.#end(op, number, share);
      case 'clawback':
        return this.#clawback(number, share);
      case 'transfer':
        return this.#move(who, points);
      case 'pass':
        return this.#pass(share);
    }
  }

  async #earn(memberId: string, points: number, share: number): Promise<void> {
    const { books } = this;
    const now = books.time.nowMs();
    const accrualId = books.newId();
    const life = share < 0.5 ? { expiresAt: now + Math.ceil(share * 20) * DAY } : {};
    const idle = share > 0.9 ? { idleMs: 2 * DAY } : {};
    const wait = share > 0.6 && share < 0.8 ? { pending: { until: now + DAY } } : {};
    const event = share > 0.55 && share <= 0.6 ? { pending: { event: 'delivered' } } : {};
    await books.earn(memberId, points, { accrualId, ...life, ...idle, ...wait, ...event });
    this.sales.push({ accrualId, memberId, left: points });
  }

  async #hold(memberId: string, points: number, orOwe: boolean): Promise<void> {
    const { books } = this;
    const holdId = books.newId();
    const before = await books.balances(memberId);
    const request = { holdId, memberId, points, purpose: 'payment', beneficiary: null } as const;
    const held = await books.run((tx) => books.ledger.hold(tx, request, orOwe));
    if (held.ok) this.holds.push({ holdId, memberId, points, state: 'open', captured: 0, returned: 0 });
    else expect(held.error.missing).to.be.at.least(points - before.available);
    if (orOwe) expect(held.ok).to.equal(true);
  }

  async #end(op: 'capture' | 'release' | 'refund' | 'uncapture' | 'charge', number: number, share: number) {
    const from = { capture: 'open', release: 'open', refund: 'captured', uncapture: 'captured', charge: 'released' }[
      op
    ];
    const fitting = this.holds.filter((hold) => hold.state === from);
    const hold = fitting[number % Math.max(1, fitting.length)];
    if (!hold) return;
    const { books } = this;
    const key = { holdId: hold.holdId, memberId: hold.memberId };
    if (op === 'capture') {
      hold.captured = Math.max(1, Math.round(hold.points * share));
      await books.run((tx) => books.ledger.capture(tx, key, hold.captured));
      hold.state = 'captured';
    } else if (op === 'refund') {
      const back = Math.min(hold.captured - hold.returned, Math.max(1, Math.round(hold.captured * share)));
      if (back === 0) return;
      await books.run((tx) => books.ledger.refund(tx, key, back, 'goods returned'));
      hold.returned += back;
    } else if (op === 'charge') {
      await books.run((tx) => books.ledger.charge(tx, key));
      Object.assign(hold, { state: 'captured', captured: hold.points, returned: 0 });
    } else {
      await books.run((tx) => books.ledger[op](tx, key));
      Object.assign(hold, { state: 'released', captured: 0, returned: 0 });
    }
  }

  async #clawback(number: number, share: number): Promise<void> {
    const sale = this.sales[number % Math.max(1, this.sales.length)];
    const points = sale ? Math.min(sale.left, Math.max(1, Math.round(sale.left * share))) : 0;
    if (!sale || points === 0) return;
    const { memberId, accrualId } = sale;
    const request = { memberId, accrualId, issuer: null, points, reason: 'refund' };
    const done = await this.books.run((tx) => this.books.ledger.clawback(tx, request));
    expect(done.fromPending + done.fromAvailable + done.owed).to.equal(points);
    sale.left -= points;
  }

  async #move(who: 0 | 1, points: number): Promise<void> {
    const { books } = this;
    const [from, to] = who === 0 ? books.members : [books.members[1], books.members[0]];
    const transferId = books.newId();
    const before = await books.balances(from);
    const moved = await books.run((tx) => books.ledger.transfer(tx, { transferId, from, to, points, reason: 'gift' }));
    if (!moved.ok) expect(moved.error.missing).to.be.at.least(points - before.available);
  }

  async #pass(share: number): Promise<void> {
    const { books } = this;
    await books.time.pass(Math.round(share * 2 * DAY));
    await books.run(async (tx) => {
      await books.ledger.vest(tx, 1000);
      if (share > 0.5) await books.ledger.vestOn(tx, 'delivered', undefined, 1000);
      await books.ledger.expire(tx, 1000);
    });
  }

  /** The heaps agree with the books. */
  async expectAgreed(fund: Fund): Promise<void> {
    const { books, holds } = this;
    let funded = 0;
    for (const memberId of books.members) {
      const { pending, available, held, debt } = await books.balances(memberId);
      const open = holds.filter((hold) => hold.memberId === memberId && hold.state === 'open');
      expect(held).to.equal(open.reduce((sum, hold) => sum + hold.points, 0));
      funded += pending + available + held - debt;
    }
    expect(fund.points).to.equal(funded);
    await books.expectSound();
    const replayed = await replayPoints(books.db, () => undefined);
    expect(replayed.differences).to.deep.equal([]);
  }
}

const ops = [
  'earn',
  'earn',
  'earn',
  'hold',
  'hold',
  'hold',
  'capture',
  'capture',
  'release',
  'refund',
  'refund',
  'uncapture',
  'charge',
  'clawback',
  'transfer',
  'pass',
] as const;
const step = fc.record({
  op: fc.constantFrom(...ops),
  who: fc.constantFrom(0, 1),
  number: fc.nat(10_000),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('the points ledger, whatever is done with it', () => {
  it('keeps every promise, and the fund that clearing keeps covers exactly what members have', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }), async (steps) => {
        const fund = new Fund();
        const books = await openBooks(fund);
        try {
          const bench = new Bench(books);
          for (const each of steps) await bench.step(each);
          await bench.expectAgreed(fund);
        } finally {
          await books.close();
        }
      }),
      { numRuns: Number(process.env['TESSERA_MODEL_RUNS'] ?? 40) },
    );
  });
});
