import { expect } from 'chai';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyHouse } from '@tessera/scripts/mutate/copy-house';
import { roomNames, rooms, type Room } from '@tessera/scripts/mutate/rooms';
import { figuresOf, judge, scoreOf, type Mutant } from '@tessera/scripts/mutate/verdict';
import { isOk } from '@tessera/scripts/report/report';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('scripts: mutants', () => {
  for (const name of roomNames) {
    const { folders, rules, leftOut, tests }: Room = rooms[name];

    it(`are made of every file of ${name}, or it says why not`, () => {
      const files = folders.flatMap((folder) => filesUnder(folder));
      const named = new Set([...rules, ...Object.keys(leftOut)]);
      expect(files.filter((file) => !named.has(file))).to.deep.equal([]);
      expect([...named].filter((file) => !existsSync(join(root, file)))).to.deep.equal([]);
      expect(rules.filter((rule) => rule in leftOut)).to.deep.equal([]);
      expect(tests.filter((test) => !existsSync(join(root, test)))).to.deep.equal([]);
    });
  }

  const mutant = (status: Mutant['status']): Mutant => ({
    mutatorName: 'EqualityOperator',
    replacement: 'a <= b',
    status,
    location: { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } },
  });
  const source = 'if (\n    a < b\n) go();\n';

  it('are counted: noticed, endless, not noticed, not even run', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'] as const;
    const verdict = judge('shared', { files: { 'a.ts': { source, mutants: statuses.map(mutant) } } }, 90_000);
    expect(verdict).to.deep.equal({
      room: 'shared',
      killed: 2,
      timedOut: 1,
      survivors: [
        'a.ts:2:5 EqualityOperator: a < b → a <= b',
        'a.ts:2:5 EqualityOperator (no test runs it): a < b → a <= b',
      ],
      notCovered: 1,
      tookMs: 90_000,
    });
    expect(scoreOf(verdict)).to.equal(60);
    const figures = figuresOf(verdict);
    expect(figures['shared_score']).to.deep.equal({ value: 60, unit: '%', target: 85, atLeast: true });
    expect(figures['shared_mutants']?.value).to.equal(5);
    expect(isOk(figures)).to.equal(false);
    expect(isOk(figuresOf({ ...verdict, killed: 20 }))).to.equal(true);
    expect(isOk(figuresOf({ ...verdict, killed: 20, tookMs: 41 * 60_000 }))).to.equal(false);
  });

  it('are no success where there are none', () => {
    expect(isOk(figuresOf(judge('guard', { files: {} }, 1)))).to.equal(false);
  });

  it('live in a copy that finds its own rooms, and leaves ours alone', () => {
    const house = realpathSync(mkdtempSync(join(tmpdir(), 'tessera-house-')));
    try {
      for (const folder of ['shared/src', 'shared/dist', 'hardware', 'kiosk', 'server', 'scripts', 'test/artifacts']) {
        mkdirSync(join(house, folder), { recursive: true });
      }
      writeFileSync(join(house, 'tsconfig.base.json'), '{}');
      writeFileSync(join(house, 'package.json'), '{"name":"house","workspaces":["shared"]}');
      writeFileSync(
        join(house, 'shared/package.json'),
        '{"name":"@tessera/shared","exports":{"./*":{"source":"./src/*.js"}}}',
      );
      writeFileSync(join(house, 'shared/src/a.js'), 'ours');
      writeFileSync(join(house, 'shared/dist/a.js'), 'made');
      const copy = join(house, '.tmp/mutate/shared');
      for (const time of ['first', 'again']) {
        copyHouse(house, copy);
        const linked = realpathSync(join(copy, 'node_modules/@tessera/shared'));
        expect(linked, time).to.equal(join(copy, 'shared'));
        writeFileSync(join(linked, 'src/a.js'), 'mutated');
        expect(existsSync(join(copy, 'shared/dist'))).to.equal(false);
        expect(existsSync(join(copy, 'test/artifacts'))).to.equal(false);
      }
      expect(readFileSync(join(house, 'shared/src/a.js'), 'utf8')).to.equal('ours');
    } finally {
      rmSync(house, { recursive: true });
    }
  });
});

function filesUnder(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
}
