import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@tessera/server/platform/database/database';
import { freePortBase } from '../../harness/free-ports.ts';
import { cpuMsOf } from '../../harness/processes.ts';
import { answersOk, waitFor } from '../../start/health.ts';

const ENTRY = fileURLToPath(new URL('../../../../server/dist/main.js', import.meta.url));
const READY_MS = 60_000;

/** `tessera serve` as a process of its own, with its defaults. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #books: Database;

  private constructor(child: ChildProcess, url: string, books: Database) {
    this.#child = child;
    this.url = url;
    this.#books = books;
  }

  /** @param address of its database; a file is the one below the data folder */
  static async start(dataDir: string, address: string, nodeFlags: readonly string[]): Promise<ServerProcess> {
    mkdirSync(dataDir, { recursive: true });
    const port = String(await freePortBase());
    const log = openSync(join(dataDir, 'server.log'), 'a');
    const child = spawn(process.execPath, [...nodeFlags, ENTRY, 'serve', '--data', dataDir, '--port', port], {
      // The kiosks of the bench say which address each comes from.
      env: { ...process.env, ...environmentOf(address), TESSERA_PROXIES: '1' },
      stdio: ['ignore', 'ignore', log],
    });
    const url = `http://127.0.0.1:${port}`;
    const up = await waitFor('the server', () => answersOk(`${url}/readyz`), {
      withinMs: READY_MS,
      say: () => undefined,
    });
    if (up.ok) return new ServerProcess(child, url, openDatabase(address, { readonly: true }));
    throw new Error(`The server did not start: ${readFileSync(join(dataDir, 'server.log'), 'utf8').slice(-1000)}`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** CPU time that the whole process has used, in µs. */
  cpuMicros(): number {
    return cpuMsOf(this.pid) * 1_000;
  }

  /** Waits until every message of what was redeemed has been delivered: that work belongs to the redemptions. */
  async idle(): Promise<void> {
    for (;;) {
      const rows = await this.#books.db
        .selectFrom('outbox')
        .select('outbox_id')
        .where('sent_at', 'is', null)
        .limit(1)
        .execute();
      if (rows.length === 0) return;
      await sleep(50);
    }
  }

  /** Redemptions that the books say were captured. */
  async captured(): Promise<number> {
    const row = await this.#books.db
      .selectFrom('redemptions')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', 'captured')
      .executeTakeFirstOrThrow();
    return row.count;
  }

  /** Accruals that the books know. */
  async accruals(): Promise<number> {
    const row = await this.#books.db
      .selectFrom('accruals')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async stop(): Promise<void> {
    await this.#books.close();
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** What tells a process that its books are in PostgreSQL. */
const environmentOf = (address: string) => (address.startsWith('postgres') ? { DATABASE_URL: address } : {});

/** `tessera check` on a database: what is broken, as the command says it; undefined where everything holds. */
export function brokenBooks(dataDir: string, address: string): string | undefined {
  try {
    const env = { ...process.env, ...environmentOf(address) };
    execFileSync(process.execPath, [ENTRY, 'check', '--data', dataDir], { stdio: 'pipe', env });
    return undefined;
  } catch (cause) {
    return String((cause as { stdout?: Buffer }).stdout ?? cause);
  }
}
