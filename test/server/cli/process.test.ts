import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../../..');
const entry = ['--conditions=source', '--import=tsx', join(root, 'server/src/main.ts')];

describe('the tessera process', function () {
  // The sources are compiled as they are loaded: seconds on a busy machine.
  this.timeout(120_000);
  let data: string;
  const running: ChildProcess[] = [];

  let child: ChildProcess;
  let url: string;

  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'tessera-process-'));
    ({ child, url } = await serving());
  });

  after(() => {
    for (const one of running.splice(0)) one.kill('SIGKILL');
    rmSync(data, { recursive: true });
  });

  function start(...argv: string[]): ChildProcess {
    const child = spawn(process.execPath, [...entry, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    return child;
  }

  async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const child = start(...argv);
    const ended = once(child, 'close') as Promise<[number]>;
    const [out, err] = await Promise.all([read(child.stdout), read(child.stderr)]);
    return { code: (await ended)[0], out, err };
  }

  const read = (stream: ChildProcess['stdout']): Promise<string> => (stream ? text(stream) : Promise.resolve(''));

  /** Serves, and resolves with the process once it says that it listens. */
  async function serving(): Promise<{ child: ChildProcess; url: string }> {
    const server = start('serve', '--data', data, '--port', '0');
    await new Promise<void>((resolve, reject) => {
      server.once('exit', () => {
        reject(new Error('The server ended before it listened'));
      });
      server.stderr?.on('data', (chunk) => {
        if (String(chunk).includes('server.started')) resolve();
      });
    });
    const file = JSON.parse(readFileSync(join(data, 'server', 'server.json'), 'utf8')) as { url: string };
    return { child: server, url: file.url };
  }

  it('says that a port is taken, and harms nothing', async () => {
    const port = new URL(url).port;
    const other = mkdtempSync(join(tmpdir(), 'tessera-process-'));
    const second = await run('serve', '--data', other, '--port', port, '--json');
    rmSync(other, { recursive: true });
    expect(second.code).to.equal(3);
    expect(second.err).to.include(`port ${port} is in use already`).and.to.include('"code":"unavailable"');
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
  });

  it('lets one server at a time have its data, and the second harms nothing', async () => {
    const second = await run('serve', '--data', data, '--port', '0', '--json');
    expect(second.code).to.equal(3);
    expect(second.err).to.include('A server runs on this data already').and.to.include('"code":"unavailable"');
    const listed = await run('kiosk', 'list', '--data', data, '--json');
    expect(JSON.parse(listed.out)).to.deep.equal({ items: [] });
  });

  it('ends without a word where its reader has gone, as under "| head"', async () => {
    const child = start('--help');
    const ended = once(child, 'close') as Promise<[number]>;
    child.stdout?.destroy();
    expect(await read(child.stderr)).to.equal('');
    expect((await ended)[0]).to.equal(0);
  });

  it('seeds nothing on a server that is no demo', async () => {
    const seeded = await run('demo', 'seed', '--data', data);
    expect(seeded.code).to.equal(1);
    expect(seeded.err).to.include('--demo');
    const members = await run('check', '--data', data, '--json');
    expect(members.code).to.equal(0);
  });

  it('serves, keeps its token to itself, and stops cleanly on SIGTERM', async () => {
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    expect(statSync(join(data, 'server', 'operator.token')).mode & 0o777).to.equal(0o600);
    const listed = await run('kiosk', 'list', '--data', data, '--json');
    expect(JSON.parse(listed.out)).to.deep.equal({ items: [] });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).to.equal(0);
    expect(existsSync(join(data, 'server', 'server.json'))).to.equal(false);
  });
});
