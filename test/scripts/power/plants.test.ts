import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { planted, plants } from '@tessera/scripts/faults/power/plants';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** The same text stands in the source, which is there without a build; the compiler keeps these lines as they are. */
const sourceOf = (built: string): string => `${root}${built.replace('/dist/', '/src/').replace(/js$/, 'ts')}`;

describe('faults: bugs planted for the power cuts', () => {
  for (const plant of plants) {
    it(`${plant.name} fits the product exactly once`, () => {
      const source = sourceOf(plant.file);
      expect(existsSync(source)).to.equal(true);
      const text = readFileSync(source, 'utf8');
      // The compiler adds the semicolon's neighbours, not the words.
      expect(planted(text, plant)).to.not.equal(text);
    });

    it(`${plant.name} is refused where the product has moved on`, () => {
      expect(() => planted('nothing of that kind', plant)).to.throw('0 times');
      expect(() => planted(`${plant.from}${plant.from}`, plant)).to.throw('2 times');
    });
  }
});
