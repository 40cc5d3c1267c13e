import { expect } from 'chai';
import { displayWidth, facts, table, timeText } from '@tessera/server/cli/table';

describe('tables for people', () => {
  it('counts Chinese as two columns and marks as none', () => {
    expect(displayWidth('abc')).to.equal(3);
    expect(displayWidth('茉莉')).to.equal(4);
    expect(displayWidth('e\u0301')).to.equal(1);
  });

  it('lines columns up under mixed scripts, numbers to the right', () => {
    const drawn = table(
      [
        { name: '茉莉花茶', price: 320 },
        { name: 'Tea', price: 5 },
      ],
      [
        { title: 'gift', value: (row) => row.name },
        { title: 'points', value: (row) => row.price, right: true },
      ],
      'none',
    );
    expect(drawn.split('\n')).to.deep.equal(['GIFT      POINTS', '茉莉花茶     320', 'Tea            5']);
  });

  it('says so where there is nothing', () => {
    expect(table([], [], 'Nothing here.')).to.equal('Nothing here.');
    expect(timeText(null)).to.equal('–');
    expect(timeText(0)).to.equal('1970-01-01 00:00:00Z');
    expect(
      facts([
        ['a', null],
        ['bcd', 1],
      ]),
    ).to.equal('a    –\nbcd  1');
  });
});
