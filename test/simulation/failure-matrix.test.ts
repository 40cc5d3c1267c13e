import { expect } from 'chai';
import { expected, surprises } from '@tessera/scripts/faults/matrix/expectations';
import { faultNames } from '@tessera/scripts/faults/matrix/faults';
import { places } from '@tessera/scripts/faults/matrix/places';
import { runCell, type Cell } from '@tessera/scripts/faults/matrix/run-cell';
import { Stage } from '@tessera/scripts/faults/matrix/stage';

/** `npm run faults:matrix` runs every cell; here each fault strikes once, each place being struck in its turn. */
describe('the failure matrix', function () {
  this.timeout(60_000);

  it('expects something of every fault at every place', () => {
    for (const fault of faultNames)
      for (const place of places) expect(expected(fault, place).ends).to.not.deep.equal([]);
  });

  for (const [index, fault] of faultNames.entries()) {
    const place = places[(index * 5) % places.length]!;
    it(`${fault} at ${place}: the member, the books and the staff see what is expected`, async () => {
      const stage = await Stage.open();
      const cell = await runCell(stage, fault, place);
      await stage.close();
      expect(surprises(cell)).to.deep.equal([]);
    });
  }

  it('is surprised by a wrong end, a wrong settlement, silence towards the staff, and books that disagree', () => {
    const cell: Cell = {
      fault: 'jam',
      place: 'confirm',
      reached: true,
      end: 'take',
      settlement: 'captured',
      alerts: [],
      violations: ['fell and was not paid'],
    };
    expect(surprises(cell)).to.have.length(4);
    expect(surprises({ ...cell, reached: false })).to.have.length(5);
  });
});
