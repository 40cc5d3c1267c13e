import { systemChance } from '@tessera/server/platform/clock/system';
import { expect } from 'chai';

describe('the machine’s chance', () => {
  it('gives as many bytes as asked for, and none of them twice', () => {
    const drawn = Array.from({ length: 2000 }, () => Buffer.from(systemChance.bytes(10)).toString('hex'));
    expect(new Set(drawn).size).to.equal(2000);
    expect(drawn.every((each) => each.length === 20)).to.equal(true);
    for (const count of [0, 4096, 4097, 100_000]) expect(systemChance.bytes(count)).to.have.length(count);
  });

  it('leaves alone what it has given out', () => {
    const first = systemChance.bytes(32);
    const copy = Uint8Array.from(first);
    for (let draw = 0; draw < 1000; draw += 1) systemChance.bytes(32);
    expect(first).to.deep.equal(copy);
  });
});
