import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CabinetView } from '@tessera/hardware/cabinet/dock/view';
import type { Wiring } from '@tessera/hardware/ports';
import { demoWiring } from '@tessera/hardware/wiring';
import { JsonLineDecoder } from '@tessera/hardware/wire/json-lines';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type LogLine = Readonly<Record<string, unknown>> & { readonly event?: string };

/** One child process of a test, with all that it logged. */
export class Child {
  readonly log: LogLine[] = [];
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(entry: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const node = ['--conditions=source', '--import=tsx', join(root, entry), ...args];
    const child = spawn(process.execPath, node, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    const decoder = new JsonLineDecoder();
    child.stderr.on('data', (bytes: Buffer) => {
      for (const line of decoder.push(bytes)) if (line.kind === 'value') this.log.push(line.value as LogLine);
    });
    this.#child = child;
    this.exited = new Promise((resolve) => child.on('exit', resolve));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first line of this event; waits for it. */
  logged(event: string, seen = 0): Promise<LogLine> {
    return until(() => this.log.filter((line) => line.event === event)[seen], `log event ${event}`);
  }
}

/** Waits until something is there; fails after half a minute (a busy machine is slow to start processes) with what was missing. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const endMs = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`Waited in vain for ${what}.`);
    await sleep(5);
  }
}

/** A folder with a cabinet, a guard and whatever else a test starts; `close` ends and removes it all. */
export class Site {
  readonly dir = mkdtempSync(join(tmpdir(), 'tessera-hw-'));
  readonly cabinetSocket = join(this.dir, 'cabinet.sock');
  readonly guardSocket = join(this.dir, 'guard.sock');
  readonly ttyDir = join(this.dir, 'tty');
  readonly wiring: Wiring;
  readonly #children: Child[] = [];
  #url = '';

  /** @param limitMs how long a motor may be driven */
  constructor(limitMs = 1_800) {
    const wiring = demoWiring(4);
    this.wiring = { ...wiring, slots: wiring.slots.map((slot) => ({ ...slot, pulseMs: limitMs })) };
    writeFileSync(this.#wiringFile, JSON.stringify(this.wiring));
  }

  get #wiringFile(): string {
    return join(this.dir, 'wiring.json');
  }

  get url(): string {
    return this.#url;
  }

  start(entry: string, args: readonly string[], env?: NodeJS.ProcessEnv): Child {
    const child = new Child(entry, args, env);
    this.#children.push(child);
    return child;
  }

  /** Starts the cabinet and waits until it answers. */
  async cabinet(more: readonly string[] = []): Promise<Child> {
    const args = ['--port', '0', '--socket', this.cabinetSocket, '--tty-dir', this.ttyDir];
    const places = ['--data', join(this.dir, 'cabinet'), '--slots', '4', '--goods', '6'];
    const child = this.start('hardware/src/cabinet/main.ts', [...args, ...places, ...more]);
    const { address } = (await child.logged('started')) as unknown as { address: { port: number } };
    this.#url = `http://127.0.0.1:${String(address.port)}`;
    return child;
  }

  /** Starts the guard and waits until it is ready to drive. */
  async guard(env?: NodeJS.ProcessEnv): Promise<Child> {
    const places = ['--wiring', this.#wiringFile, '--cabinet', this.cabinetSocket];
    const child = this.start('hardware/src/guard/main.ts', ['--socket', this.guardSocket, ...places], env);
    await until(async () => ((await probe(this.guardSocket)) === true ? true : undefined), 'the guard');
    return child;
  }

  async state(): Promise<CabinetView> {
    const response = await fetch(`${this.#url}/state`);
    return (await response.json()) as CabinetView;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const sent = { 'content-type': 'application/json', ...headers };
    return fetch(this.#url + path, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      child.signal('SIGCONT');
      child.signal('SIGTERM');
    }
    await Promise.all(this.#children.map(({ exited }) => exited));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Says lines on a Unix socket and gives what is answered until it closes or `count` answers came. */
export function say(path: string, lines: readonly string[], count: number): Promise<LogLine[]> {
  return new Promise((resolve, reject) => {
    const answers: LogLine[] = [];
    const decoder = new JsonLineDecoder();
    const socket = connect(path, () => socket.write(lines.map((line) => `${line}\n`).join('')));
    const finish = (): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.on('data', (bytes) => {
      for (const line of decoder.push(bytes)) if (line.kind === 'value') answers.push(line.value as LogLine);
      if (answers.length >= count) finish();
    });
    socket.on('close', finish);
    socket.on('error', reject);
  });
}

/** Whether the guard is ready; undefined where it does not answer. */
async function probe(path: string): Promise<boolean | undefined> {
  try {
    const [hello] = await say(path, [JSON.stringify({ type: 'hello', version: 1, role: 'probe' })], 1);
    return hello?.['ready'] === true;
  } catch {
    return undefined;
  }
}
