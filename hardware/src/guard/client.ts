import { connect } from 'node:net';
import type { Cancel, Clock, Scheduler } from '@tessera/shared/ports';
import { err, ok, type Result } from '@tessera/shared/result';
import { Backoff } from '../platform/backoff.ts';
import type { Guard, HardwareProblem, PulseEnd } from '../ports.ts';
import { jsonPeer, type JsonPeer } from '../wire/json-peer.ts';
import { fromGuardSchema, GUARD_PROTOCOL, type FromGuard, type ToGuard } from './protocol.ts';
import type { GuardTimeouts } from './timeouts.ts';

export type GuardClientDependencies = {
  readonly socketPath: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeouts: GuardTimeouts;
};

type Waiting = {
  readonly sentMs: number;
  readonly settle: (result: Result<PulseEnd, HardwareProblem>) => void;
  cancel: Cancel;
};

/** How much longer than a pulse its answer may take before the guard is taken for dead. */
const ANSWER_SLACK_MS = 1_000;

/**
 * The guard as the daemon holds it: connects, says hello, beats, and connects again when the guard is lost or silent.
 * A pulse that was sent and never answered ends as `lost`; an error means that nothing was driven.
 */
export class GuardClient implements Guard {
  readonly #deps: GuardClientDependencies;
  readonly #backoff: Backoff;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: ((alive: boolean) => void)[] = [];
  #peer: JsonPeer | undefined;
  #alive = false;
  #nextId = 1;
  #closed = false;
  #fenced = false;
  #cancelBeat: Cancel = () => undefined;
  #cancelSilence: Cancel = () => undefined;

  constructor(deps: GuardClientDependencies) {
    this.#deps = deps;
    const { retryFirstMs, retryMostMs } = deps.timeouts;
    this.#backoff = new Backoff(deps.scheduler, { firstMs: retryFirstMs, mostMs: retryMostMs });
    this.#connect();
  }

  get alive(): boolean {
    return this.#alive;
  }

  onAlive(listener: (alive: boolean) => void): void {
    this.#listeners.push(listener);
  }

  pulse({ line, ms }: { line: number; ms: number }): Promise<Result<PulseEnd, HardwareProblem>> {
    const peer = this.#peer;
    if (!peer || !this.#alive) return Promise.resolve(err({ code: 'gone', detail: 'The guard is not there.' }));
    const id = this.#nextId++;
    return new Promise((settle) => {
      const cancel = this.#deps.scheduler.after(ms + ANSWER_SLACK_MS, () => {
        peer.destroy();
      });
      this.#waiting.set(id, { sentMs: this.#deps.clock.monotonicMs(), settle, cancel });
      peer.send({ type: 'pulse', id, line, ms } satisfies ToGuard);
    });
  }

  letGo(line: number): void {
    this.#peer?.send({ type: 'let_go', line } satisfies ToGuard);
  }

  /** Ends the connection for good; the guard lets go of whatever runs. */
  close(): void {
    this.#closed = true;
    this.#backoff.stop();
    this.#peer?.destroy();
  }

  #connect(): void {
    const peer = jsonPeer(connect(this.#deps.socketPath), fromGuardSchema, {
      onMessage: (message) => {
        this.#receive(message);
      },
      onGarbage: () => {
        peer.destroy();
      },
      onClose: () => {
        this.#lose();
      },
    });
    this.#peer = peer;
    peer.send({ type: 'hello', version: GUARD_PROTOCOL, role: 'driver' } satisfies ToGuard);
    this.#expectWord();
  }

  #receive(message: FromGuard): void {
    this.#expectWord();
    switch (message.type) {
      case 'hello':
        this.#backoff.reset();
        this.#beatLater();
        this.#setAlive(message.ready);
        break;
      case 'beat':
        this.#setAlive(message.ready);
        break;
      case 'ended':
        this.#settle(message.id, ok(message.end));
        break;
      case 'refused':
        this.#settle(message.id, err({ code: message.code, detail: message.detail }));
        break;
      case 'problem':
        this.#fenced = message.problem.code === 'kiosk_superseded';
        this.#peer?.destroy();
        break;
    }
  }

  #expectWord(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#deps.scheduler.after(this.#deps.timeouts.silenceMs, () => {
      this.#peer?.destroy();
    });
  }

  #beatLater(): void {
    this.#cancelBeat = this.#deps.scheduler.after(this.#deps.timeouts.beatMs, () => {
      this.#peer?.send({ type: 'beat' } satisfies ToGuard);
      this.#beatLater();
    });
  }

  #settle(id: number, result: Result<PulseEnd, HardwareProblem>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancel();
    waiting?.settle(result);
  }

  #lose(): void {
    this.#cancelBeat();
    this.#cancelSilence();
    this.#peer = undefined;
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [id, { sentMs }] of [...this.#waiting]) {
      this.#settle(id, ok({ drivenMs: Math.round(nowMs - sentMs), by: 'lost' }));
    }
    this.#setAlive(false);
    if (this.#closed) return;
    const again = (): void => {
      if (!this.#closed) this.#connect();
    };
    if (this.#fenced) this.#deps.scheduler.after(this.#deps.timeouts.fencedMs, again);
    else this.#backoff.retry(again);
    this.#fenced = false;
  }

  #setAlive(alive: boolean): void {
    if (alive === this.#alive) return;
    this.#alive = alive;
    for (const listener of this.#listeners) listener(alive);
  }
}
