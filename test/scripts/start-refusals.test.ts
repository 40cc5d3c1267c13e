import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../scripts/start', import.meta.url));

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('scripts: start refuses', () => {
  const data = join(tmpdir(), `tessera-never-${String(process.pid)}`);
  let busy: Server;
  let port = 0;

  before((done) => {
    busy = createServer();
    busy.listen(0, () => {
      ({ port } = busy.address() as AddressInfo);
      done();
    });
  });
  after((done) => {
    busy.close(done);
  });

  for (const offset of [0, 1, 2]) {
    it(`a busy port (number ${String(offset + 1)} of three): says which and whose, and makes nothing`, async () => {
      const { code, stdout, stderr } = await run(['--port-base', String(port - offset), '--data', data, '--fresh']);
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.include(`Port ${String(port)} is busy: process ${String(process.pid)}`);
      expect(existsSync(data)).to.equal(false);
    });
  }

  it('what it does not understand, with a way on', async () => {
    for (const args of [['--port-base', 'http'], ['--port-base', '80'], ['--portbase', '4100'], ['now']]) {
      const { code, stderr } = await run(args);
      expect(code, args.join(' ')).to.equal(1);
      expect(stderr).to.match(/--help|1024 to 65533/);
    }
  });

  it('nothing when asked for help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).to.equal(0);
    for (const flag of ['--port-base', '--data', '--fresh', '--json']) expect(stdout).to.include(flag);
  });
});
