import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Cancel, Scheduler } from '@tessera/shared/ports';
import { Backoff } from '../../platform/backoff.ts';
import { encodeLine, JsonLineDecoder } from '../../wire/json-lines.ts';
import type { Deputy } from '../core.ts';
import type { GuardLog } from '../log-events.ts';
import type { GuardTimeouts } from '../timeouts.ts';
import { fromDeputySchema, type ToDeputy } from './protocol.ts';

/** A deputy's process as the guard holds it: its ends of two pipes. */
export type DeputyProcess = ChildProcessByStdio<Writable, Readable, null>;

export type KeeperDependencies = {
  readonly spawn: () => DeputyProcess;
  readonly scheduler: Scheduler;
  readonly timeouts: GuardTimeouts;
  readonly log: GuardLog;
};

/** Keeps one deputy running beside the guard; while there is none that answers, nothing is driven. */
export class DeputyKeeper implements Deputy {
  readonly #deps: KeeperDependencies;
  readonly #backoff: Backoff;
  readonly #listeners: (() => void)[] = [];
  #child: DeputyProcess | undefined;
  #alive = false;
  #stopped = false;
  #cancelBeat: Cancel = () => undefined;
  #cancelSilence: Cancel = () => undefined;

  constructor(deps: KeeperDependencies) {
    this.#deps = deps;
    const { retryFirstMs, retryMostMs } = deps.timeouts;
    this.#backoff = new Backoff(deps.scheduler, { firstMs: retryFirstMs, mostMs: retryMostMs });
  }

  get alive(): boolean {
    return this.#alive;
  }

  onAlive(listener: () => void): void {
    this.#listeners.push(listener);
  }

  driving(line: number, ms: number): void {
    this.#tell({ type: 'driving', line, ms });
  }

  letGo(line: number): void {
    this.#tell({ type: 'let_go', line });
  }

  start(): void {
    const child = this.#deps.spawn();
    const decoder = new JsonLineDecoder();
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      for (const line of decoder.push(chunk)) {
        if (line.kind === 'value' && fromDeputySchema.safeParse(line.value).success) this.#hear(child);
      }
    });
    child.on('error', () => {
      this.#lose(child);
    });
    child.on('exit', () => {
      this.#lose(child);
    });
  }

  /** The guard has let go of everything: the deputy may end. */
  stop(): void {
    this.#stopped = true;
    this.#backoff.stop();
    this.#cancelBeat();
    this.#cancelSilence();
    this.#tell({ type: 'bye' });
    this.#child?.unref();
  }

  #tell(message: ToDeputy): void {
    if (this.#child?.stdin.writable === true) this.#child.stdin.write(encodeLine(message));
  }

  #hear(child: DeputyProcess): void {
    if (this.#stopped || this.#child !== child) return;
    this.#cancelSilence();
    this.#cancelSilence = this.#deps.scheduler.after(this.#deps.timeouts.silenceMs, () => child.kill('SIGKILL'));
    this.#cancelBeat();
    this.#cancelBeat = this.#deps.scheduler.after(this.#deps.timeouts.beatMs, () => {
      this.#tell({ type: 'beat' });
    });
    if (this.#alive) return;
    this.#backoff.reset();
    this.#deps.log('deputy_started', { pid: child.pid });
    this.#setAlive(true);
  }

  #lose(child: DeputyProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#cancelBeat();
    this.#cancelSilence();
    if (this.#stopped) return;
    this.#deps.log('deputy_lost');
    this.#setAlive(false);
    this.#backoff.retry(() => {
      this.start();
    });
  }

  #setAlive(alive: boolean): void {
    this.#alive = alive;
    for (const listener of this.#listeners) listener();
  }
}
