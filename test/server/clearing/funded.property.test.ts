import { checkBooks } from '@tessera/server/features/check/index';
import { Clearing } from '@tessera/server/features/clearing/index';
import type { ClearingBasis } from '@tessera/server/platform/database/schema/clearing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { openBooks, type Books } from '../support/ledger.ts';

/** One thing that happens to points: in any order, of members, merchants and rates as they come. */
type Step =
  | {
      readonly do: 'earn';
      readonly who: number;
      readonly by: number;
      /** The other issuer of the same sale; none where it is the first. */
      readonly and: number;
      readonly points: number;
      readonly wait: boolean;
    }
  | { readonly do: 'hold'; readonly who: number; readonly at: number; readonly points: number; readonly orOwe: boolean }
  | { readonly do: 'capture' | 'refund'; readonly which: number; readonly share: number }
  | { readonly do: 'release' | 'uncapture' | 'charge'; readonly which: number }
  | { readonly do: 'clawback'; readonly which: number; readonly share: number }
  | { readonly do: 'transfer' | 'adjust'; readonly who: number; readonly points: number }
  | { readonly do: 'vest' | 'time' }
  | { readonly do: 'rate'; readonly by: number; readonly face: number; readonly basis: ClearingBasis };

const who = fc.nat({ max: 1 });
const by = fc.nat({ max: 2 });
const points = fc.integer({ min: 1, max: 400 });
const which = fc.nat({ max: 20 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('earn'), who, by, and: by, points, wait: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('hold'), who, at: by, points, orOwe: fc.boolean() }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constantFrom('capture', 'refund'), which, share }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('release', 'uncapture', 'charge'), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('clawback'), which, share }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('transfer', 'adjust'), who, points }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('vest', 'time') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rate'),
      by,
      face: fc.integer({ min: 1, max: 2_500_000 }),
      basis: fc.constantFrom('on_issue', 'on_redeem'),
    }),
  },
);

const DAY_MS = 86_400_000;
const REFUSED = 'refused';

/** Performs steps on a ledger with clearing and knows the holds and sales that they made. */
class World {
  readonly #books: Books;
  readonly #holds: { holdId: string; memberId: string }[] = [];
  readonly #sales: { accrualId: string; memberId: string; issuer: string | null; left: number }[] = [];

  constructor(books: Books) {
    this.#books = books;
  }

  async perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'earn':
        return this.#earn(step);
      case 'clawback':
        return this.#clawback(step.which, step.share);
      case 'transfer':
      case 'adjust':
        return this.#move(step);
      case 'vest':
        await this.#books.run((tx) => this.#books.ledger.vestOn(tx, 'delivered', undefined, 50));
        return;
      case 'time':
        await this.#books.time.pass(20 * DAY_MS);
        await this.#books.run((tx) => this.#books.ledger.expire(tx, 50));
        return;
      case 'rate':
        return this.#rate(step);
      default:
        return this.#hold(step);
    }
  }

  async #earn({ who: member, by: first, and, points: amount, wait }: Extract<Step, { do: 'earn' }>): Promise<void> {
    const accrualId = this.#books.newId();
    const memberId = this.#member(member);
    const expiresAt = this.#books.time.nowMs() + 30 * DAY_MS;
    for (const by of new Set([first, and])) {
      const issuer = this.#issuer(by);
      this.#sales.push({ accrualId, memberId, issuer, left: amount });
      const pending = wait && by === first ? { pending: { event: 'delivered' } } : {};
      await this.#books.earn(memberId, amount, { accrualId, issuer, expiresAt, ...pending });
    }
  }

  async #clawback(index: number, part: number): Promise<void> {
    const sale = this.#sales[index % Math.max(1, this.#sales.length)];
    const taken = Math.ceil((sale?.left ?? 0) * part);
    if (!sale || taken === 0) return;
    sale.left -= taken;
    const { left: _, ...about } = sale;
    await this.#books.run((tx) => this.#books.ledger.clawback(tx, { ...about, points: taken, reason: 'refund' }));
  }

  async #move(step: Extract<Step, { do: 'transfer' | 'adjust' }>): Promise<void> {
    const { ledger } = this.#books;
    const [from, to] = [this.#member(step.who), this.#member(1 - step.who)];
    const about = { points: step.points, reason: 'test' };
    await this.#tried(
      step.do === 'transfer'
        ? (tx) => ledger.transfer(tx, { ...about, transferId: this.#books.newId(), from, to })
        : (tx) =>
            ledger.adjust(tx, {
              ...about,
              points: step.points % 2 === 0 ? step.points : -step.points,
              adjustmentId: this.#books.newId(),
              memberId: from,
              expiresAt: null,
            }),
    );
  }

  async #hold(
    step: Extract<Step, { do: 'hold' | 'capture' | 'refund' | 'release' | 'uncapture' | 'charge' }>,
  ): Promise<void> {
    const { ledger } = this.#books;
    if (step.do === 'hold') {
      const key = { holdId: this.#books.newId(), memberId: this.#member(step.who) };
      const request = { ...key, purpose: 'payment', points: step.points, beneficiary: this.#issuer(step.at) } as const;
      if (await this.#tried((tx) => ledger.hold(tx, request, step.orOwe))) this.#holds.push(key);
      return;
    }
    const key = this.#holds[step.which % Math.max(1, this.#holds.length)];
    if (!key) return;
    const row = await this.#books.db
      .selectFrom('holds')
      .selectAll()
      .where('hold_id', '=', key.holdId)
      .executeTakeFirstOrThrow();
    const isOpen = row.state === 'open';
    const part = 'share' in step ? Math.ceil(row.points * step.share) : 0;
    const left = row.captured - row.returned;
    await this.#books.run(async (tx) => {
      if (step.do === 'capture' && isOpen) await ledger.capture(tx, key, part);
      if (step.do === 'release' && isOpen) await ledger.release(tx, key);
      if (step.do === 'refund' && row.state === 'captured' && part > 0 && part <= left)
        await ledger.refund(tx, key, part, 'test');
      if (step.do === 'uncapture' && row.state === 'captured' && left > 0) await ledger.uncapture(tx, key);
      if (step.do === 'charge' && row.state === 'released') await ledger.charge(tx, key);
    });
  }

  async #rate({ by: issuer, face, basis }: Extract<Step, { do: 'rate' }>): Promise<void> {
    await addRate(this.#books, ['A', 'B', 'operator'][issuer] ?? '*', face, basis);
    await this.#books.time.pass(1);
  }

  /** True where it was not refused; a refusal undoes its command. */
  async #tried(work: (tx: Parameters<Parameters<Books['run']>[0]>[0]) => Promise<{ readonly ok: boolean }>) {
    try {
      await this.#books.run(async (tx) => {
        if (!(await work(tx)).ok) throw new Error(REFUSED);
      });
      return true;
    } catch (error) {
      if (error instanceof Error && error.message === REFUSED) return false;
      throw error;
    }
  }

  #member(index: number): string {
    return this.#books.members[index % 2] ?? '';
  }

  #issuer(index: number): string | null {
    return this.#books.merchants[index] ?? null;
  }
}

let proposals = 0;
async function addRate(books: Books, party: string, face: number, basis: ClearingBasis): Promise<void> {
  const proposalId = `p${String((proposals += 1))}`;
  const about = { action: 'set_rate', party, body: '{}', reason: '', proposed_by: 'a', proposed_at: 0 };
  const decided = { state: 'confirmed', decided_by: 'b', decided_at: 0 } as const;
  await books.db
    .insertInto('money_proposals')
    .values({ proposal_id: proposalId, ...about, ...decided })
    .execute();
  await books.db
    .insertInto('clearing_rates')
    .values({
      rate_id: books.newId(),
      party,
      currency: party === 'B' ? 'CNY' : 'EUR',
      basis,
      face_micro: face,
      issue_micro: face + 200_001,
      redeem_micro: Math.floor(face * 0.95),
      issuer_share_ppm: 333_333,
      valid_from: books.time.nowMs(),
      proposal_id: proposalId,
    })
    .execute();
}

async function open(seed: number): Promise<Books> {
  const books = await openBooks(new Clearing(), seed);
  await books.db.updateTable('merchants').set({ currency: 'CNY' }).where('merchant_id', '=', 'B').execute();
  return books;
}

const MONEY = ['money-sums-to-zero', 'money-balances-equal-postings', 'points-are-funded', 'debts-are-lent'];

/** What the check says of money, and that it says it at all. */
async function expectFunded(books: Books): Promise<void> {
  const { checks } = await checkBooks(books.db, books.time.nowMs());
  const money = checks.filter((check) => MONEY.includes(check.name));
  expect(money.map((check) => check.ok)).to.deep.equal(
    MONEY.map(() => true),
    JSON.stringify(money.filter((check) => check.ok !== true)),
  );
}

describe('the fund covers its points', function () {
  this.timeout(120_000);

  it('to the millionth, in every currency, whatever happens to points, rates and bases', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const books = await open(steps.length);
        try {
          for (const party of ['A', 'B', 'operator']) await addRate(books, party, 1_250_001, 'on_issue');
          const world = new World(books);
          for (const each of steps) {
            await world.perform(each);
            await expectFunded(books);
          }
        } finally {
          await books.close();
        }
      }),
      { numRuns: Number(process.env['TESSERA_RUNS'] ?? 40) },
    );
  });

  it('when goods come back whose points two had given, each at a rate and in a currency of its own', async () => {
    const books = await open(1);
    await addRate(books, 'A', 1_000_000, 'on_issue');
    await addRate(books, 'B', 1_250_001, 'on_redeem');
    const [memberId] = books.members;
    const sale = { memberId, accrualId: 'sale', reason: 'refund' };
    for (const issuer of ['A', 'B']) await books.earn(memberId, 50, { accrualId: 'sale', issuer });
    const spent = { holdId: books.newId(), memberId };
    await books.run((tx) =>
      books.ledger.hold(tx, { ...spent, points: 60, purpose: 'payment', beneficiary: 'A' }).then(() => undefined),
    );
    await books.run((tx) => books.ledger.capture(tx, spent));
    for (const [issuer, points] of [
      ['B', 20],
      ['A', 50],
      ['B', 30],
    ] as const) {
      await books.run((tx) => books.ledger.clawback(tx, { ...sale, issuer, points }));
      await expectFunded(books);
    }
    expect(await books.balances(memberId)).to.include({ available: 0, debt: 60 });
    await books.close();
  });

  it('is the sum of face times points where there is one rate, in minor units', async () => {
    const books = await open(1);
    await addRate(books, 'A', 1_000_000, 'on_issue');
    const [ana] = books.members;
    await books.earn(ana, 1_000, { issuer: 'A' });
    const key = { holdId: books.newId(), memberId: ana };
    await books.run((tx) =>
      books.ledger.hold(tx, { ...key, points: 400, purpose: 'payment', beneficiary: 'B' }).then(() => undefined),
    );
    await books.run((tx) => books.ledger.capture(tx, key, 300));
    const fund = await books.db
      .selectFrom('money_postings')
      .select((eb) => eb.fn.sum<number>('amount').as('amount'))
      .where('account', '=', 'points_fund')
      .executeTakeFirstOrThrow();
    expect(fund.amount).to.equal(700);
    await books.close();
  });
});
