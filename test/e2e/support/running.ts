import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Books } from '@tessera/scripts/harness/books';
import { Cabinet } from '@tessera/scripts/harness/cabinet';
import { freePortBase } from '@tessera/scripts/harness/free-ports';

const command = fileURLToPath(new URL('../../../scripts/start', import.meta.url));

/** The one line of `scripts/start --json`. */
export type Ready = {
  readonly ready: true;
  readonly urls: Readonly<Record<'server' | 'kiosk' | 'cabinet' | 'admin', string>>;
  readonly admin: Readonly<Record<'login' | 'password' | 'token', string>>;
  readonly merchant: { readonly id: string; readonly token: string };
  readonly kiosks: readonly { readonly id: string; readonly dataDir: string }[];
  readonly members: readonly Member[];
  readonly pids: Readonly<Record<'server' | 'daemon' | 'guard' | 'cabinet', number>>;
};

export type Member = {
  readonly memberId: string;
  readonly pin: string;
  readonly cardUid: string;
  readonly qrUrl: string;
  readonly points: number;
};

export type Running = {
  readonly ready: Ready;
  readonly kioskId: string;
  readonly dataDir: string;
  readonly books: Books;
  readonly cabinet: Cabinet;
  readonly process: ChildProcess;
  /** What was printed on stdout, all of it. */
  readonly stdout: () => string;
  /** Sends a signal and waits for the end; answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Runs `scripts/start --json` as anybody would, and waits for its line. */
export async function startRunning(dataDir: string, ...flags: readonly string[]): Promise<Running> {
  const portBase = await freePortBase();
  const child = spawn(command, ['--json', '--port-base', String(portBase), '--data', dataDir, ...flags]);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) resolve(JSON.parse(stdout) as Ready);
    });
    void ended.then(() => reject(new Error(`scripts/start ended:\n${stderr}`)));
  });
  return {
    ready,
    kioskId: ready.kiosks[0]?.id ?? '',
    dataDir,
    books: new Books(ready.urls.server, ready.admin.token),
    cabinet: new Cabinet(ready.urls.cabinet),
    process: child,
    stdout: () => stdout,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** A folder of its own for one run. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'tessera-e2e-'));
  return { path: join(parent, 'data'), remove: () => rmSync(parent, { recursive: true, force: true }) };
}
