import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fill, makePages, type Page } from '@tessera/scripts/docs/pages';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('house: docs', function () {
  this.timeout(60_000);
  let pages: readonly Page[] = [];

  before(async () => {
    pages = await makePages(root);
  });

  it('say what the code says (else: npm run docs)', () => {
    expect(pages.length).to.equal(4);
    for (const { path, present, made } of pages) expect(present === made, path).to.equal(true);
  });

  it('would notice a stale part', () => {
    const stale = fill('a\n<!-- made: x -->\nold\n<!-- end -->\nb', 'x', 'new');
    expect(stale).to.equal('a\n<!-- made: x -->\n\nnew\n\n<!-- end -->\nb');
    expect(() => fill('nothing', 'x', 'new')).to.throw('no part "x"');
  });

  it('have no link into nothing', () => {
    const texts = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...list('docs')];
    const broken = texts.flatMap((path) =>
      [
        ...readFileSync(join(root, path), 'utf8')
          .replace(/```[^]*?```/g, '')
          .matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g),
      ]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).to.deep.equal([]);
  });
});

function list(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}
