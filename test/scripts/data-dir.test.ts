import { assert, expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDataDir } from '@tessera/scripts/start/data-dir';

describe('scripts: data folder', () => {
  let parent = '';
  const at = (...names: string[]): string => join(parent, 'data', ...names);

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tessera-data-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const take = (fresh: boolean): { release(): void } => {
    const taken = takeDataDir(at(), fresh);
    assert(taken.ok);
    return taken.value;
  };

  it('is made, kept, and emptied only when asked', () => {
    take(false).release();
    writeFileSync(at('keep'), '1');
    take(false).release();
    expect(existsSync(at('keep'))).to.equal(true);
    take(true).release();
    expect(existsSync(at('keep'))).to.equal(false);
  });

  it('is left alone where somebody else made it, with and without --fresh', () => {
    mkdirSync(at(), { recursive: true });
    writeFileSync(at('thesis.tex'), 'years of work');
    for (const fresh of [false, true]) {
      const taken = takeDataDir(at(), fresh);
      assert(!taken.ok);
      expect(taken.error).to.include('left alone');
      expect(readdirSync(at())).to.deep.equal(['thesis.tex']);
    }
  });

  it('belongs to one start at a time, and a lock left by a dead one does not hold', () => {
    const held = take(false);
    const second = takeDataDir(at(), true);
    assert(!second.ok);
    expect(second.error).to.include(`process ${String(process.pid)}`);
    held.release();
    writeFileSync(at('.tessera-lock'), '999999 123456');
    take(false).release();
  });
});
