import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervisor } from '@tessera/scripts/start/supervisor';

/** Lives until it is told to stop; says so in a file when it stops in order. */
const PATIENT = `
  import { writeFileSync } from 'node:fs';
  process.on('SIGTERM', () => { writeFileSync(process.argv[2] + '.stopped', 'yes'); process.exit(0); });
  writeFileSync(process.argv[2], String(process.pid) + ' ' + (process.env.ONCE ?? ''));
  setInterval(() => undefined, 1000);
`;

async function until<T>(read: () => T | undefined): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const value = read();
    if (value !== undefined) return value;
    await sleep(10);
  }
  throw new Error('it did not happen within 4 s');
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('scripts: supervisor', () => {
  let folder = '';
  let supervisor: Supervisor;
  let said: string[] = [];
  const at = (name: string): string => join(folder, name);
  const pids = (): Record<string, number> =>
    JSON.parse(readFileSync(at('pids.json'), 'utf8')) as Record<string, number>;
  const life = (): string | undefined => (existsSync(at('life')) ? readFileSync(at('life'), 'utf8') : undefined);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-supervisor-'));
    said = [];
    writeFileSync(at('patient.mjs'), PATIENT);
    supervisor = new Supervisor({
      cwd: folder,
      logDir: at('logs'),
      pidsFile: at('pids.json'),
      say: (line) => said.push(line),
    });
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (environment: Record<string, string> = {}): void => {
    supervisor.start({ name: 'daemon', args: [at('patient.mjs'), at('life')] }, environment);
  };

  it('starts a killed child again within two seconds and keeps pids.json current', async () => {
    start();
    const first = pids()['daemon'] ?? 0;
    await until(() => (life() === `${String(first)} ` ? true : undefined));
    const killedAt = performance.now();
    process.kill(first, 'SIGKILL');
    const second = await until(() => (pids()['daemon'] === first ? undefined : pids()['daemon']));
    expect(performance.now() - killedAt).to.be.lessThan(2_000);
    await until(() => (life() === `${String(second)} ` ? true : undefined));
    expect(said.join()).to.include('SIGKILL');
    expect(supervisor.deaths('daemon')).to.equal(1);
  });

  it('gives the environment to the first life alone', async () => {
    start({ ONCE: 'armed' });
    const first = pids()['daemon'] ?? 0;
    await until(() => (life() === `${String(first)} armed` ? true : undefined));
    process.kill(first, 'SIGKILL');
    const second = await until(() => (pids()['daemon'] === first ? undefined : pids()['daemon']));
    await until(() => (life() === `${String(second)} ` ? true : undefined));
  });

  it('stops in order, and nothing is started again', async () => {
    start();
    const pid = pids()['daemon'] ?? 0;
    await until(life);
    await supervisor.stop();
    expect(alive(pid)).to.equal(false);
    expect(existsSync(at('life.stopped'))).to.equal(true);
    expect(existsSync(at('pids.json'))).to.equal(false);
  });

  it('waits longer each time where a child ends at once by itself', async () => {
    writeFileSync(
      at('hasty.mjs'),
      "import { appendFileSync } from 'node:fs'; appendFileSync('lives', 'x'); process.exit(3);",
    );
    supervisor.start({ name: 'guard', args: [at('hasty.mjs')] });
    await until(() => (existsSync(at('lives')) && readFileSync(at('lives'), 'utf8').length >= 5 ? true : undefined));
    await sleep(1_200);
    expect(readFileSync(at('lives'), 'utf8').length).to.be.lessThan(8);
  });
});
