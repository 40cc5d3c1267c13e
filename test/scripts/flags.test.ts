import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const scripts = fileURLToPath(new URL('../../scripts/src/', import.meta.url));

/** What a script says to words, straight from its source. */
function run(name: string, ...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const flags = ['--conditions=source', '--import=tsx', `${scripts}${name}/main.ts`, ...words];
  return spawnSync(process.execPath, flags, { encoding: 'utf8' });
}

describe('scripts: every measurement and every try', function () {
  this.timeout(60_000);

  for (const [name, flag] of [
    ['bench/tap-to-relay', '--redemptions=0'],
    ['bench/daemon', '--redemptions=many'],
    ['bench/redemptions', '--seconds=-1'],
    ['bench/redemptions', '--engine=oracle'],
    ['bench/accruals', '--members=none'],
    ['bench/import', '--rows=0'],
    ['bench/settlement', '--postings=x'],
    ['bench/history', '--members=0'],
    ['bench/kiosks', '--kiosks=1.5'],
    ['faults/history', '--operations=0'],
    ['faults/fuzz', '--minutes=x'],
    ['faults/crash', '--kills=x'],
    ['faults/crash', '--only=nothing of the kind'],
    ['faults/matrix', '--only=nothing of the kind'],
    ['faults/power', '--cuts=x'],
    ['soak', '--minutes=0'],
    ['simulate', '--seed=abc'],
    ['travel', '--members=1'],
    ['travel', '--from=yesterday'],
    ['travel', '--engine=paper'],
  ] as const) {
    it(`${name} ends with 2 and one sentence on ${flag}`, () => {
      const { status, stdout, stderr } = run(name, flag);
      expect(stderr)
        .to.include(flag.split('=')[1])
        .and.to.not.match(/^ +at /m);
      expect(stdout).to.equal('');
      expect(status).to.equal(2);
    });
  }

  it('does the same with a flag that there is not', () => {
    const { status, stderr } = run('bench/kiosks', '--nope');
    expect(stderr)
      .to.include("Unknown option '--nope'")
      .and.to.include('--help')
      .and.to.not.match(/^ +at /m);
    expect(status).to.equal(2);
  });
});
