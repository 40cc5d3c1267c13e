import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { folderFor, unprivileged, type Account } from './account.ts';

/** Where Debian's package postgresql-15 keeps its programs. */
const BIN = '/usr/lib/postgresql/15/bin';
const SUPERUSER = 'tessera';
/** What a standby calls itself. */
const STANDBY = 'standby';
const READY_TRIES = 300;
const LOOK_EVERY_MS = 50;

const run = promisify(execFile);

/** A PostgreSQL of our own, durable as it comes (fsync=on), in a folder of its own, reached by its Unix socket alone. */
export class Cluster {
  readonly folder: string;
  readonly #account: Account | undefined;
  readonly #settings: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(folder: string, account: Account | undefined, settings: readonly string[]) {
    this.folder = folder;
    this.#account = account;
    this.#settings = settings;
  }

  /** Makes a cluster and starts it. @param settings more of `postgresql.conf`, as `name=value` */
  static async make(settings: readonly string[] = [], parent = tmpdir()): Promise<Cluster> {
    const cluster = Cluster.#empty(settings, parent);
    await cluster.#program('initdb', ['-D', cluster.#data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8']);
    await cluster.start();
    return cluster;
  }

  /** Copies a running cluster as its standby and starts it. */
  static async standbyOf(primary: Cluster, settings: readonly string[] = []): Promise<Cluster> {
    const cluster = Cluster.#empty(settings, dirname(primary.folder));
    await cluster.becomeStandbyOf(primary);
    return cluster;
  }

  /** Throws away what it had, and starts again as the standby of another one. */
  async becomeStandbyOf(primary: Cluster): Promise<void> {
    rmSync(this.#data, { recursive: true, force: true });
    const from = `host=${primary.folder} user=${SUPERUSER} application_name=${STANDBY}`;
    await this.#program('pg_basebackup', ['-D', this.#data, '-d', from, '-R', '-c', 'fast']);
    await this.start();
  }

  /** From now on a commit is answered when the standby has it on its disk too. Resolves when that holds. */
  async waitForStandby(): Promise<void> {
    await this.sql('postgres', `alter system set synchronous_standby_names = '${STANDBY}'`);
    await this.sql('postgres', 'select pg_reload_conf()');
    for (let attempt = 0; attempt < READY_TRIES; attempt += 1) {
      if ((await this.sql('postgres', 'select sync_state from pg_stat_replication')) === 'sync') return;
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error('The standby did not come.');
  }

  static #empty(settings: readonly string[], parent: string): Cluster {
    if (!existsSync(join(BIN, 'postgres'))) {
      throw new Error(`There is no PostgreSQL 15 in ${BIN}: install the package postgresql-15.`);
    }
    const account = unprivileged();
    return new Cluster(folderFor(account, parent), account, settings);
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  /** What DATABASE_URL has to say for one of its databases. */
  address(database: string): string {
    return `postgres://${SUPERUSER}@localhost/${database}?host=${encodeURIComponent(this.folder)}`;
  }

  /** The server's process, the first of all that work for it. */
  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  async start(): Promise<void> {
    const settings = ['listen_addresses=', ...this.#settings].flatMap((setting) => ['-c', setting]);
    const args = ['-D', this.#data, '-k', this.folder, ...settings];
    // Whoever made it may end without closing it: the kernel then ends it too. setpriv execs, so the process id stays.
    const words = ['--pdeathsig', 'SIGQUIT', '--', join(BIN, 'postgres'), ...args];
    this.#server = spawn('setpriv', words, { ...this.#account, stdio: 'ignore', cwd: this.folder });
    for (let attempt = 0; attempt < READY_TRIES; attempt += 1) {
      if (await this.isUp()) return;
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error('PostgreSQL did not start.');
  }

  isUp(): Promise<boolean> {
    return this.call('pg_isready', '-q').then(
      () => true,
      () => false,
    );
  }

  /** Kills every process of the server at once, as a crash of its machine would. */
  async crash(): Promise<void> {
    const children = readFileSync(`/proc/${String(this.pid)}/task/${String(this.pid)}/children`, 'utf8');
    const ended = this.stop('SIGKILL');
    for (const child of children.trim().split(' ')) {
      try {
        process.kill(Number(child), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await ended;
  }

  /** Ends the server: SIGINT is PostgreSQL's fast shutdown, SIGKILL a crash. */
  async stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const server = this.#server;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  /** Makes a standby the primary; resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.#program('pg_ctl', ['promote', '-w', '-D', this.#data]);
  }

  /** Calls one of PostgreSQL's programs on this cluster; answers what it printed. */
  async call(program: string, ...args: readonly string[]): Promise<string> {
    return this.#program(program, ['-h', this.folder, '-U', SUPERUSER, ...args]);
  }

  /** Runs SQL; answers the rows as text, a line each, columns with `|` between. */
  async sql(database: string, text: string): Promise<string> {
    return (await this.call('psql', '-XqtA', '-v', 'ON_ERROR_STOP=1', '-c', text, database)).trim();
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.stop();
    this.remove();
  }

  /** Removes its folder, when it has ended. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #program(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run(join(BIN, program), args, { ...this.#account, cwd: this.folder, maxBuffer: 1e8 });
    return stdout;
  }
}
