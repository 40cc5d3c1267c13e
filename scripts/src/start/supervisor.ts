import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type ChildSpec = { readonly name: string; readonly args: readonly string[] };

/** The kernel ends a child with its supervisor, also when that was killed outright. setpriv execs: the process id stays. */
const SETPRIV = '/usr/bin/setpriv';
const TOGETHER = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'SIGTERM', '--', process.execPath] : [process.execPath];

const RESTART_MS = 200;
/** A process that ends by itself this soon, this often in a row, is looping: then each wait doubles. */
const SHORT_LIFE_MS = 5_000;
const PATIENCE = 5;
const LONGEST_WAIT_MS = 30_000;
const STOP_MS = 8_000;

type Child = {
  readonly spec: ChildSpec;
  process: ChildProcess;
  startedAt: number;
  shortLives: number;
  restart: NodeJS.Timeout | undefined;
  resting: boolean;
  /** What its next lives get beyond the common environment, in order. */
  lives: Readonly<Record<string, string>>[];
};

/** Keeps processes alive, says which runs under which id, and stops them all. */
export class Supervisor {
  readonly #children = new Map<string, Child>();
  readonly #options: {
    readonly cwd: string;
    readonly logDir: string;
    readonly pidsFile: string;
    readonly say: (line: string) => void;
  };
  readonly #deaths = new Map<string, number>();
  #stopping = false;

  constructor(options: { cwd: string; logDir: string; pidsFile: string; say: (line: string) => void }) {
    this.#options = options;
    mkdirSync(options.logDir, { recursive: true });
  }

  /** Starts a process and keeps it alive. Each environment is for one life: the first start, its restart, and so on. */
  start(spec: ChildSpec, ...environments: readonly Readonly<Record<string, string>>[]): void {
    const [first = {}, ...lives] = environments;
    const child: Child = {
      spec,
      lives,
      process: this.#spawn(spec, first),
      startedAt: performance.now(),
      shortLives: 0,
      restart: undefined,
      resting: false,
    };
    this.#children.set(spec.name, child);
    this.#watch(child);
    this.#writePids();
  }

  /** The present process id of each child. */
  pids(): Readonly<Record<string, number>> {
    const entries = [...this.#children].map(([name, child]) => [name, child.process.pid ?? 0] as const);
    return Object.fromEntries(entries);
  }

  /** How often a child has ended without being told to. */
  deaths(name: string): number {
    return this.#deaths.get(name) ?? 0;
  }

  /** Ends one child and leaves it down until `start`. */
  async halt(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#children.get(name);
    if (!child) return;
    child.resting = true;
    clearTimeout(child.restart);
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.process.once('exit', () => resolve()));
    child.process.kill(signal);
    // One that stands still obeys only when it goes on.
    child.process.kill('SIGCONT');
    await ended;
  }

  /** Stops all, the last started first, and forgets their numbers; one that does not end within 8 s is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const name of [...this.#children.keys()].reverse()) await this.#stopOne(name);
    // These numbers may soon be somebody else's.
    rmSync(this.#options.pidsFile, { force: true });
  }

  async #stopOne(name: string): Promise<void> {
    const child = this.#children.get(name);
    if (!child) return;
    const timer = setTimeout(() => {
      this.#options.say(`${name} did not stop within ${String(STOP_MS / 1000)} s and was killed.`);
      child.process.kill('SIGKILL');
    }, STOP_MS);
    await this.halt(name, 'SIGTERM');
    clearTimeout(timer);
  }

  #spawn({ name, args }: ChildSpec, environment: Readonly<Record<string, string>>): ChildProcess {
    const log = openSync(join(this.#options.logDir, `${name}.log`), 'a');
    const [command = '', ...before] = TOGETHER;
    const child = spawn(command, [...before, ...args], {
      cwd: this.#options.cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
      // A group of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
      detached: true,
    });
    closeSync(log);
    return child;
  }

  #watch(child: Child): void {
    child.process.once('exit', (code, signal) => {
      if (this.#stopping || child.resting) return;
      this.#deaths.set(child.spec.name, this.deaths(child.spec.name) + 1);
      const lived = performance.now() - child.startedAt;
      child.shortLives = signal === null && lived < SHORT_LIFE_MS ? child.shortLives + 1 : 0;
      const excess = Math.max(0, child.shortLives - PATIENCE);
      const wait = excess === 0 ? RESTART_MS : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** excess);
      this.#options.say(`${child.spec.name} ended (${signal ?? `code ${String(code)}`}) and is started again.`);
      child.restart = setTimeout(() => this.#again(child), wait);
    });
  }

  #again(child: Child): void {
    child.process = this.#spawn(child.spec, child.lives.shift() ?? {});
    child.startedAt = performance.now();
    this.#watch(child);
    this.#writePids();
  }

  #writePids(): void {
    const { pidsFile } = this.#options;
    writeFileSync(`${pidsFile}.new`, `${JSON.stringify(this.pids())}\n`);
    renameSync(`${pidsFile}.new`, pidsFile);
  }
}
