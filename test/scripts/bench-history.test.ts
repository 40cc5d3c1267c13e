import { bookHistory, membersOf, transactionIdOf } from '@tessera/scripts/bench/history/books';
import { figuresOf, type Measured } from '@tessera/scripts/bench/history/figures';
import { inTurn } from '@tessera/scripts/bench/history/turns';
import { checkBooks } from '@tessera/server/features/check/index';
import { openDatabase } from '@tessera/server/platform/database/database';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { isMemberId } from '@tessera/shared/ids/member-id';
import { expect } from 'chai';
import { freshDatabase } from '../server/support/engine.ts';

describe('bench: a big history', () => {
  it('belongs to members as there are, in order and apart', () => {
    const { all, regulars } = membersOf(2_001);
    expect(all).to.have.length(2_001);
    expect(all.every(isMemberId)).to.equal(true);
    expect([...new Set(all)].sort()).to.deep.equal(all);
    expect(regulars).to.have.length(3);
  });

  it('is booked so that the check finds nothing, and is as long as it says', async function () {
    this.timeout(60_000);
    const fresh = await freshDatabase('memory');
    const database = openDatabase(fresh.address);
    const { db } = database;
    try {
      await migrate(db);
      const members = membersOf(1_500);
      await bookHistory(db, members, () => undefined);
      const { checks } = await checkBooks(db, 0);
      expect(checks.filter(({ ok }) => ok === false)).to.deep.equal([]);
      const count = (memberId: string) =>
        db
          .selectFrom('point_postings')
          .select('transaction_id')
          .distinct()
          .where('member_id', '=', memberId)
          .orderBy('transaction_id')
          .execute();
      const [first = '', second = ''] = members.all;
      expect(await count(second)).to.have.length(5);
      const history = await count(first);
      expect(history).to.have.length(250);
      expect(history.at(-200)?.transaction_id).to.equal(transactionIdOf(first, 51));
    } finally {
      await database.close();
      await fresh.remove();
    }
  });

  it('is asked in turn, now the one first, now the other', async () => {
    const asked: string[] = [];
    const pairs = await inTurn(3, { small: 'small', big: 'big' }, (which) => {
      asked.push(which);
      return Promise.resolve(which === 'big' ? 2 : 1);
    });
    expect(pairs).to.deep.equal(Array.from({ length: 3 }, () => ({ small: 1, big: 2 })));
    expect(asked).to.deep.equal(['small', 'big', 'big', 'small', 'small', 'big']);
  });

  it('is bound by the median of the alternations, and by the slowest hundredth of all', () => {
    const pairs = (ratio: number) => Array.from({ length: 100 }, () => ({ small: 1, big: ratio }));
    const of = (ratio: number) => {
      const all = { balance: pairs(ratio), history: pairs(1), deep_history: pairs(1), redemption: pairs(1) };
      return { load: [], pairs: all };
    };
    const cold = { balance: pairs(9), history: pairs(1), deep_history: pairs(1) };
    const measured: Measured = { runs: [1, 1.2, 9].map(of), cold, broken: ['lots'] };
    const figures = figuresOf(measured);
    expect(figures['balance']).to.deep.equal({ value: 1.2, unit: 'ms', yardstick: 1, ratio: 1.2, target: 1.3 });
    expect(figures['balance_p99']).to.include({ value: 9, ratio: 9, target: 1.3 });
    expect(figures['cold_balance']).to.deep.equal({ value: 9, unit: 'ms', yardstick: 1, ratio: 9 });
    expect(figures['books_broken']).to.include({ value: 1, target: 0 });
  });
});
