import { csvCell, csvLine, type Cell } from '@tessera/server/platform/http/csv';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { readCsv } from '../support/csv.ts';

/** What a reader has of a cell once it has taken away the apostrophe that keeps a text from being a formula. */
const textOf = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

const wild = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", '=', '+', '-', '@', '\t', '＝', 'a', ' ') }),
);
const cells: fc.Arbitrary<Cell> = fc.oneof(wild, fc.integer(), fc.boolean(), fc.constant(null));

describe('CSV', () => {
  it('is read back as it was written, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cells, { minLength: 2, maxLength: 6 }), { maxLength: 6 }), (rows) => {
        const read = readCsv(rows.map(csvLine).join('')).map((row) => row.map(textOf));
        const negative = (cell: Cell) => (cell === null ? '' : String(cell));
        expect(read).to.deep.equal(rows.map((row) => row.map(negative)));
      }),
    );
  });

  it('holds no text that a spreadsheet would run, and leaves numbers alone', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const [[cell = ''] = []] = readCsv(csvLine([text, 1]));
        expect(cell).to.not.match(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
    expect(csvCell('=HYPERLINK("http://x")')).to.equal(`"'=HYPERLINK(""http://x"")"`);
    expect(csvCell('-5')).to.equal("'-5");
    expect(csvCell(-5)).to.equal('-5');
  });

  it('tells an empty text from none', () => {
    expect(csvLine(['', null, false])).to.equal('"",,false\r\n');
  });
});
