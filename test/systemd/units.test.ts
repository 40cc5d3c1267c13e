import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../systemd', import.meta.url));
const units = readdirSync(folder).filter((name) => /\.(service|timer)$/.test(name));
const services = units.filter((name) => name.endsWith('.service'));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Says why a check that needs systemd was left out, so that nobody takes silence for success. */
function without(tool: string, ...verb: readonly string[]): boolean {
  const { error, status } = spawnSync(tool, [...verb, '--help']);
  const missing = error !== undefined || status !== 0;
  const name = [tool, ...verb].join(' ');
  if (missing) process.stdout.write(`      ${name} is not on this machine: this check was left out\n`);
  return missing;
}

/** A copy of the units in which programs that this machine lacks are replaced, so that only the units are judged. */
function copyUnits(): string {
  const copy = mkdtempSync(join(tmpdir(), 'tessera-units-'));
  cpSync(folder, copy, { recursive: true });
  for (const name of services) {
    const text = read(name).replace(/^(Exec\w+=)(\S+)/gm, (whole, key: string, program: string) =>
      existsSync(program) ? whole : `${key}/bin/true`,
    );
    writeFileSync(join(copy, name), text);
  }
  return copy;
}

/** Everything that `systemd-analyze verify` says; it exits 0 on unknown keys, so any word of it is a failure. */
function verify(copy: string, name: string): string {
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(copy, name)], {
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`.trim();
}

describe('systemd: units', function () {
  this.timeout(60_000);
  let copy = '';
  before(() => {
    copy = copyUnits();
  });
  after(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it('are what systemd understands, without a word', () => {
    expect(units).to.have.length.greaterThan(4);
    if (without('systemd-analyze')) return;
    for (const name of units) expect(verify(copy, name), name).to.equal('');
  });

  it('would be refused with a key that does not exist', () => {
    if (without('systemd-analyze')) return;
    const name = 'tessera-daemon.service';
    writeFileSync(join(copy, 'planted.service'), read(name).replace('[Service]', '[Service]\nRestartSecs=1'));
    expect(verify(copy, 'planted.service')).to.include('RestartSecs');
    rmSync(join(copy, 'planted.service'));
  });

  it('are hardened where they face a network or a wire', () => {
    if (without('systemd-analyze')) return;
    for (const name of ['tessera-server.service', 'tessera-guard.service', 'tessera-daemon.service']) {
      const args = ['security', '--offline=true', '--threshold=20', '--no-pager', join(copy, name)];
      expect(spawnSync('systemd-analyze', args).status, name).to.equal(0);
    }
  });

  it('make the lines safe after the guard, however it ended', () => {
    expect(read('tessera-guard.service')).to.match(/^ExecStopPost=.*guard\/safe\/main\.js/m);
  });

  it('start programs that are in this repository', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    for (const name of services) {
      for (const [, path = ''] of read(name).matchAll(/\/opt\/tessera\/(\S+)/g)) {
        const source = path.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
        if (path.endsWith('.js')) expect(existsSync(join(root, source)), `${name}: ${path}`).to.equal(true);
        if (path.endsWith('.md')) expect(existsSync(join(root, path)), `${name}: ${path}`).to.equal(true);
      }
    }
  });

  it('come with users, folders and device names that their tools accept', () => {
    if (!without('systemd-sysusers')) {
      execFileSync('systemd-sysusers', ['--dry-run', join(folder, 'tessera.sysusers.conf')], { stdio: 'pipe' });
    }
    if (!without('systemd-tmpfiles')) {
      const { stderr } = spawnSync(
        'systemd-tmpfiles',
        ['--dry-run', '--create', join(folder, 'tessera.tmpfiles.conf')],
        {
          encoding: 'utf8',
        },
      );
      expect(stderr).to.not.match(/Unknown|Invalid|Missing/i);
    }
    // systemd 253 and newer.
    if (!without('udevadm', 'verify')) {
      const { status, stdout } = spawnSync('udevadm', ['verify', '--no-summary', join(folder, '99-tessera.rules')], {
        encoding: 'utf8',
      });
      expect(status, stdout).to.equal(0);
    }
  });
});
