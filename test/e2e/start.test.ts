import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './support/facts.ts';
import { startRunning, temporaryFolder, type Ready, type Running } from './support/running.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const pidsOf = ({ dataDir }: Running): Ready['pids'] =>
  JSON.parse(readFileSync(`${dataDir}/run/pids.json`, 'utf8')) as Ready['pids'];

describe('e2e: scripts/start', () => {
  const folder = temporaryFolder();
  let running: Running;
  let first: Ready;

  before(async () => {
    running = await startRunning(folder.path);
    first = running.ready;
  });
  after(async () => {
    await running.stop();
    folder.remove();
  });

  it('says all of the contract in one line', async () => {
    expect(running.stdout().trim().split('\n')).to.have.lengthOf(1);
    const { urls, admin, merchant, kiosks, members, pids } = first;
    expect(Object.keys(urls)).to.have.members(['server', 'kiosk', 'cabinet', 'admin']);
    for (const url of Object.values(urls)) expect((await fetch(url)).status, url).to.be.lessThan(500);
    expect(admin).to.have.all.keys('login', 'password', 'token');
    expect(merchant).to.have.all.keys('id', 'token');
    expect(kiosks[0]).to.have.all.keys('id', 'dataDir');
    for (const member of members) expect(member).to.include.all.keys('memberId', 'pin', 'cardUid', 'qrUrl', 'points');
    for (const pid of Object.values(pids)) expect(alive(pid)).to.equal(true);
    expect(pidsOf(running)).to.deep.equal(pids);
  });

  it('starts each killed process again within two seconds and keeps pids.json current', async () => {
    for (const name of ['server', 'daemon', 'guard', 'cabinet'] as const) {
      const pid = pidsOf(running)[name];
      const killedAt = performance.now();
      process.kill(pid, 'SIGKILL');
      const now = await eventually(
        async () => Promise.resolve(pidsOf(running)[name]),
        (fresh) => fresh !== pid && alive(fresh),
        5_000,
      );
      expect(performance.now() - killedAt, name).to.be.lessThan(2_000);
      expect(now).to.not.equal(pid);
    }
    const healthy = await eventually(
      async () => {
        const answers = [`${first.urls.server}/readyz`, `${first.urls.kiosk}/healthz`, `${first.urls.cabinet}/healthz`];
        return Promise.all(
          answers.map((url) =>
            fetch(url).then(
              ({ ok }) => ok,
              () => false,
            ),
          ),
        );
      },
      (all) => all.every(Boolean),
      30_000,
    );
    expect(healthy).to.deep.equal([true, true, true]);
  });

  it('refuses a second start on its ports and on its data, and goes on', async () => {
    const second = (args: readonly string[]): Promise<{ code: number | null; stderr: string }> =>
      new Promise((resolve) => {
        const child = spawn(`${root}/scripts/start`, args);
        let stderr = '';
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.on('close', (code) => resolve({ code, stderr }));
      });
    const port = new URL(first.urls.server).port;
    const samePort = await second(['--port-base', port, '--data', `${folder.path}-other`]);
    expect(samePort.code).to.equal(1);
    expect(samePort.stderr).to.include(`Port ${port} is busy`);
    const sameData = await second(['--port-base', String(Number(port) + 10), '--data', folder.path, '--fresh']);
    expect(sameData.code).to.equal(1);
    expect(sameData.stderr).to.include('in use by another scripts/start');
    expect((await fetch(`${first.urls.server}/readyz`)).status).to.equal(200);
  });

  it('has books that check clean, by the command line too', () => {
    const args = [`${root}/server/dist/main.js`, 'check', '--data', folder.path, '--json'];
    const report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as { ok: boolean };
    expect(report.ok).to.equal(true);
  });

  it('stops all of it on SIGTERM, and answers the same credentials after a restart', async () => {
    const pids = Object.values(pidsOf(running));
    expect(await running.stop('SIGTERM')).to.equal(0);
    expect(pids.filter(alive)).to.deep.equal([]);
    running = await startRunning(folder.path);
    const { admin, merchant, kiosks, members } = running.ready;
    expect(admin).to.include({ login: first.admin.login, password: first.admin.password });
    expect(merchant).to.deep.equal(first.merchant);
    expect(kiosks).to.deep.equal(first.kiosks);
    const known = ({ memberId, pin, cardUid }: Ready['members'][number]) => ({ memberId, pin, cardUid });
    expect(members.map(known)).to.deep.equal(first.members.map(known));
  });

  it('stops all of it on SIGINT, also where a background shell ignores that signal', async () => {
    await running.stop();
    const port = new URL(first.urls.server).port;
    const script = `trap '' INT; exec ${root}/scripts/start --json --port-base ${port} --data ${folder.path}`;
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const pids = Object.values(pidsOf(running));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).to.equal(0);
    expect(pids.filter(alive)).to.deep.equal([]);
  });
});
