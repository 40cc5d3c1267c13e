import { RisingIds } from '@tessera/server/features/ledger/rising-ids';
import { expect } from 'chai';

describe('rising ids', () => {
  it('rise within a millisecond, over the end of a byte, and begin anew with the next', () => {
    const draws = [Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 254]), new Uint8Array(10)];
    const ids = new RisingIds({ bytes: () => draws.shift() ?? new Uint8Array(10) });
    const made = [ids.next(5), ids.next(5), ids.next(5), ids.next(6)];
    expect(made).to.deep.equal([...made].sort());
    expect(new Set(made).size).to.equal(4);
    expect(made[2]?.endsWith('00000080')).to.equal(true);
  });

  it('draw again where nothing higher is left', () => {
    const draws = [new Uint8Array(10).fill(255), new Uint8Array(10).fill(1)];
    const ids = new RisingIds({ bytes: () => draws.shift() ?? new Uint8Array(10) });
    expect(ids.next(5)).to.not.equal(ids.next(5));
  });
});
