import { expect } from 'chai';
import fc from 'fast-check';
import { SECTOR, VolatileDisk, type Platter } from '@tessera/scripts/faults/power/nbd/volatile-disk';
import { SeededChance } from '@tessera/scripts/simulate/seeded-chance';

const SECTORS = 12;

function memoryPlatter(): Platter {
  const content = Buffer.alloc(SECTORS * SECTOR);
  return {
    bytes: content.length,
    read: (offset, length) => Buffer.from(content.subarray(offset, offset + length)),
    write: (offset, bytes) => void bytes.copy(content, offset),
  };
}

/** A write fills whole sectors with one byte, its number: so a sector tells which write it is from. */
const filled = (write: number, sectors: number): Buffer => Buffer.alloc(sectors * SECTOR, write);

const actions = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        first: fc.nat(SECTORS - 3),
        count: fc.integer({ min: 1, max: 3 }),
        durable: fc.constant(false),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        first: fc.nat(SECTORS - 3),
        count: fc.integer({ min: 1, max: 3 }),
        durable: fc.constant(true),
      }),
    },
    { weight: 1, arbitrary: fc.constant('flush' as const) },
  ),
  { maxLength: 60 },
);
type Action = Exclude<typeof actions extends fc.Arbitrary<(infer One)[]> ? One : never, never>;

/** Applies actions to a disk; answers, per sector, the writes that may be there after a cut, the newest last. */
function apply(disk: VolatileDisk, list: readonly Action[]): number[][] {
  const possible = Array.from({ length: SECTORS }, () => [0]);
  let write = 0;
  for (const action of list) {
    if (action === 'flush') {
      disk.flush();
      for (const [sector, versions] of possible.entries()) possible[sector] = versions.slice(-1);
      continue;
    }
    write += 1;
    disk.write(action.first * SECTOR, filled(write, action.count), action.durable);
    for (let sector = action.first; sector < action.first + action.count; sector += 1) {
      possible[sector] = action.durable ? [write] : [...possible[sector]!, write];
    }
  }
  return possible;
}

const sectorsOf = (disk: VolatileDisk): Buffer[] =>
  Array.from({ length: SECTORS }, (_, sector) => disk.read(sector * SECTOR, SECTOR));

describe('faults: the disk with a volatile write cache', () => {
  it('shows its reader every write, flushed or not', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const disk = new VolatileDisk(memoryPlatter());
        const possible = apply(disk, list);
        for (const [sector, bytes] of sectorsOf(disk).entries()) {
          expect(bytes.equals(filled(possible[sector]!.at(-1)!, 1))).to.equal(true);
        }
      }),
    );
  });

  it('keeps over a cut what was flushed, and of the rest, sector by sector, the old or something that was written since', () => {
    fc.assert(
      fc.property(actions, fc.integer(), (list, seed) => {
        const disk = new VolatileDisk(memoryPlatter());
        const possible = apply(disk, list);
        disk.cut(new SeededChance(seed));
        for (const [sector, bytes] of sectorsOf(disk).entries()) {
          const write = bytes[0]!;
          expect(bytes.equals(filled(write, 1)), 'a sector is never torn').to.equal(true);
          expect(possible[sector]).to.include(write);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('counts what it lost: nothing right after a flush, and every unflushed write has one fate', () => {
    fc.assert(
      fc.property(actions, fc.integer(), (list, seed) => {
        const disk = new VolatileDisk(memoryPlatter());
        apply(disk, list);
        const { unflushed, lost, torn } = disk.cut(new SeededChance(seed));
        expect(lost + torn).to.be.at.most(unflushed);
        expect(disk.cut(new SeededChance(seed))).to.deep.equal({ unflushed: 0, lost: 0, torn: 0 });
      }),
    );
  });

  it('has teeth: within a few cuts one write is lost, one is torn and one survives', () => {
    const seen = { lost: 0, torn: 0, survived: 0 };
    for (let seed = 0; seed < 60; seed += 1) {
      const disk = new VolatileDisk(memoryPlatter());
      disk.write(0, filled(1, 4));
      const { lost, torn } = disk.cut(new SeededChance(seed));
      seen.lost += lost;
      seen.torn += torn;
      if (lost + torn === 0) seen.survived += 1;
    }
    expect(Math.min(seen.lost, seen.torn, seen.survived)).to.be.above(3);
  });

  it('takes a durable write past the cache, and nothing older comes back over it', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const disk = new VolatileDisk(memoryPlatter());
      disk.write(0, filled(1, 1));
      disk.write(0, filled(2, 1), true);
      disk.cut(new SeededChance(seed));
      expect(disk.read(0, SECTOR)[0]).to.equal(2);
    }
  });

  it('knows no part of a sector', () => {
    const disk = new VolatileDisk(memoryPlatter());
    expect(() => disk.write(100, filled(1, 1))).to.throw('whole number of sectors');
  });
});
