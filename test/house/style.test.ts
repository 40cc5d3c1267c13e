import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that git has or would take. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const code = files.filter((path) => /\.(ts|tsx|js|sh|css|html)$/.test(path));
/** This file has to name what it forbids. */
const others = code.filter((path) => path !== 'test/house/style.test.ts');
const manifests = files.filter((path) => /(^|\/)package\.json$/.test(path));

/** Every `path:line` whose text matches. */
function findLines(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${String(index + 1)}: ${line.trim().slice(0, 100)}`] : [],
      ),
  );
}

describe('house: style', () => {
  it('reads the files of this project', () => {
    expect(code.length).to.be.greaterThan(100);
    expect(manifests).to.have.lengthOf(8);
  });

  it('keeps every file of code within 500 lines', () => {
    expect(code.filter((path) => read(path).split('\n').length > 501)).to.deep.equal([]);
  });

  it('promises no work that is not done', () => {
    expect(findLines(others, /\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented/)).to.deep.equal([]);
  });

  it('skips no test and runs none alone', () => {
    const tests = others.filter((path) => path.startsWith('test/'));
    expect(findLines(tests, /\b(it|describe|context|specify|test)\.(only|skip)\b|\bx(it|describe)\(/)).to.deep.equal(
      [],
    );
  });

  it('switches no check off without a reason beside it', () => {
    expect(findLines(others, /@ts-(ignore|nocheck)/)).to.deep.equal([]);
    expect(findLines(others, /eslint-disable(?!.* -- \S)/)).to.deep.equal([]);
  });

  it('names no path of one machine', () => {
    const text = files.filter((path) => !/\.(png|jpg|ico|woff2)$/.test(path) && path !== 'test/house/style.test.ts');
    expect(findLines(text, /\/(home|Users|root|work)\/[a-z]+\//)).to.deep.equal([]);
  });

  it('pins every package exactly', () => {
    const loose = manifests.flatMap((path) => {
      const manifest = JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>;
      return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
        .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
        .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`);
    });
    expect(loose).to.deep.equal([]);
  });

  it('keeps download addresses out of the lockfile', () => {
    expect(read('package-lock.json')).to.not.match(/"resolved": *"http/);
  });

  it('locks the packages of every platform, since npm ci refuses a lockfile with holes', () => {
    type Locked = { readonly packages: Readonly<Record<string, { readonly optionalDependencies?: object }>> };
    const { packages } = JSON.parse(read('package-lock.json')) as Locked;
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).to.deep.equal([]);
  });

  it('has its two commands and its CI runnable, and the README names them', () => {
    for (const path of ['scripts/start', 'scripts/test', '.ci/run']) {
      const [mode = ''] = execFileSync('git', ['ls-files', '--stage', path], { cwd: root, encoding: 'utf8' }).split(
        ' ',
      );
      expect(mode, path).to.equal('100755');
    }
    expect(read('README.md')).to.include('scripts/start').and.to.include('scripts/test');
  });
});
