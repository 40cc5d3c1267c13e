import { expect } from 'chai';
import { brief, drawCoverage } from '@tessera/scripts/pictures/proof/coverage';
import { drawCrashes } from '@tessera/scripts/pictures/proof/crash';
import { drawMatrix } from '@tessera/scripts/pictures/proof/matrix';
import { drawMemory } from '@tessera/scripts/pictures/proof/memory';
import { drawPlants } from '@tessera/scripts/pictures/proof/plants';

/** Every picture says in words what it shows, and draws no number that is none. */
function expectReadable(svg: string): void {
  expect(svg).to.match(
    /^<svg [^>]*role="img" aria-labelledby="title about">\n<title id="title">[^<]+<\/title>\n<desc id="about">/,
  );
  expect(svg).not.to.match(/NaN|undefined|Infinity/);
  const opened = (svg.match(/<[a-z][^>]*>/g) ?? []).filter((tag) => !tag.endsWith('/>'));
  expect(svg.match(/<\/[a-z]+>/g) ?? []).to.have.length(opened.length);
}

describe('pictures of the proofs', () => {
  it('shows a surprise in the failure matrix, and says how many there are', () => {
    const cell = {
      fault: 'jam',
      reached: true,
      end: 'failed',
      settlement: 'released',
      alerts: [],
      violations: [],
    } as const;
    const svg = drawMatrix([
      { ...cell, place: 'confirm' },
      { ...cell, place: 'turning', violations: ['fell & was <not> paid'] },
    ]);
    expectReadable(svg);
    expect(svg).to.include('2 of 2 cells are not as expected').and.include('✗');
  });

  it('shows each kill of the crash grid, a broken promise and a kill that met nothing', () => {
    const kill = { fired: true, violations: [], ends: ['captured'], recoveryMs: 1 };
    const svg = drawCrashes([
      { ...kill, name: 'a' },
      { ...kill, name: 'a', ends: ['in_doubt'] },
      { ...kill, name: 'b', fired: false },
      { ...kill, name: 'b', violations: ['energised 2 times'] },
    ]);
    expectReadable(svg);
    expect(svg)
      .to.include('2 cases, 4 kills: 1 broke a promise, 1 met nothing to kill')
      .and.include('energised 2 times');
  });

  it('shows a pair that was never entered, and why another cannot be', () => {
    const svg = drawCoverage([
      {
        name: 'books',
        pairs: [
          { row: 'held', column: 'dropped', entered: 12_345 },
          { row: 'held', column: 'silence', entered: 0 },
          { row: 'none', column: 'dropped', entered: 0, never: 'nobody asks' },
          { row: 'none', column: 'silence', entered: 1 },
        ],
      },
    ]);
    expectReadable(svg);
    expect(svg).to.include('4 pairs').and.include('1 never for no written reason').and.include('nobody asks');
    expect(svg).to.include('>12k<').and.include('>!<').and.include('>–<');
    expect([999, 1_000, 9_960, 34_400, 5_600_000].map(brief)).to.deep.equal(['999', '1.0k', '10.0k', '34k', '5.6M']);
  });

  it('shows a planted bug that nobody caught', () => {
    const bug = { name: 'a', about: 'Bad.', seeds: 1, redemptions: 40, caughtBy: 'energised twice' };
    const svg = drawPlants([bug, { ...bug, name: 'b', redemptions: 20_000, caughtBy: undefined }], 20_000);
    expectReadable(svg);
    expect(svg).to.include('2 planted bugs, 1 not caught').and.include('20,000 at most');
  });

  it('draws a line for each life of a process', () => {
    const look = { name: 'daemon', pid: 1, residentMb: 80, descriptors: 9 };
    const svg = drawMemory([
      { ...look, seconds: 0 },
      { ...look, seconds: 60, residentMb: 90 },
      { ...look, seconds: 120, pid: 2 },
      { ...look, seconds: 180, pid: 2, name: 'server' },
    ]);
    expectReadable(svg);
    expect(svg.match(/<polyline/g)).to.have.length(3);
  });
});
