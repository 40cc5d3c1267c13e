import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const BIN = '/usr/lib/postgresql/15/bin';
const SCALE = 50;
const READY_TRIES = 100;
/** PostgreSQL refuses to run as root: its own account where there is one, else nobody's. */
const ACCOUNTS = ['postgres', 'nobody'];

const run = promisify(execFile);

type Account = { readonly uid: number; readonly gid: number };

function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ACCOUNTS.map((name) => lines.find((each) => each.startsWith(`${name}:`))).find(Boolean);
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no unprivileged account to run PostgreSQL as.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The yardstick: a PostgreSQL 15 of our own with its defaults, in a folder of its own on the disk that is measured. */
export class Pgbench {
  readonly #folder: string;
  readonly #account: Account | undefined;
  readonly #server: ChildProcess;

  private constructor(folder: string, account: Account | undefined) {
    this.#folder = folder;
    this.#account = account;
    const args = ['-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses='];
    this.#server = spawn(join(BIN, 'postgres'), args, { ...account, stdio: 'ignore', cwd: folder });
  }

  /** Makes a cluster and fills it for pgbench. */
  static async open(parent: string): Promise<Pgbench> {
    if (!existsSync(join(BIN, 'postgres'))) {
      throw new Error(`There is no PostgreSQL 15 in ${BIN}: install the package postgresql-15.`);
    }
    const account = unprivileged();
    // Beside the bench's own folder, which is closed to the account that PostgreSQL runs as.
    const folder = mkdtempSync(join(parent, 'tessera-pg-'));
    if (account) chownSync(folder, account.uid, account.gid);
    const initdb = ['-D', join(folder, 'data'), '-U', 'bench', '-A', 'trust'];
    await run(join(BIN, 'initdb'), initdb, { ...account, cwd: folder });
    const pgbench = new Pgbench(folder, account);
    await pgbench.#ready();
    await pgbench.#call('createdb', 'bench');
    await pgbench.#call('pgbench', '-i', '-s', String(SCALE), '-q', 'bench');
    return pgbench;
  }

  /** TPC-B-like transactions a second. What it left to write is on disk before this answers, so that it disturbs nobody else. */
  async measure(seconds: number): Promise<number> {
    const out = await this.#call('pgbench', '-c', '8', '-j', '2', '-M', 'prepared', '-T', String(seconds), 'bench');
    await this.#call('psql', '-qc', 'checkpoint', 'bench');
    const tps = /^tps = ([\d.]+)/m.exec(out)?.[1];
    if (tps === undefined) throw new Error(`pgbench said no rate: ${out}`);
    return Number(tps);
  }

  async close(): Promise<void> {
    if (this.#server.exitCode === null) {
      const ended = new Promise((resolve) => this.#server.once('exit', resolve));
      this.#server.kill('SIGINT');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (let attempt = 0; attempt < READY_TRIES; attempt += 1) {
      const answers = await this.#call('pg_isready', '-q').then(
        () => true,
        () => false,
      );
      if (answers) return;
      await sleep(100);
    }
    throw new Error('PostgreSQL did not start.');
  }

  async #call(program: string, ...args: readonly string[]): Promise<string> {
    const where = ['-h', this.#folder, '-U', 'bench'];
    const { stdout } = await run(join(BIN, program), [...where, ...args], { ...this.#account, cwd: this.#folder });
    return stdout;
  }
}
