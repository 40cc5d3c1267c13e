import type { KeyObject } from 'node:crypto';
import type { Cancel, Chance, Scheduler } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import {
  challengeSchema,
  kioskExchanges,
  kioskPushes,
  type KioskAnswer,
  type KioskEvent,
  type KioskRequest,
} from '@tessera/shared/protocol/kiosk';
import type { KioskConfig } from '@tessera/shared/protocol/kiosk-parts';
import { negotiate } from '@tessera/shared/protocol/version';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod/mini';
import type { Journal } from '../journal/journal.ts';
import type { Hit } from '../platform/failpoints.ts';
import type { Log } from '../platform/log-events.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Timeouts } from '../platform/timeouts.ts';
import { Backoff } from './backoff.ts';
import { helloRequest } from './hello.ts';
import { isStanding, type Standing } from './refusals.ts';
import type { Transport, TransportConnection } from './transport.ts';

export type Granted<Name extends KioskEvent> = Extract<KioskAnswer<Name>, { ok: true }>;
export type Welcome = Granted<'hello'>;

export type LinkDependencies = {
  readonly transport: Transport;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly timeouts: Timeouts;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly hit: Hit;
  readonly journal: Journal;
  readonly identity: { readonly kioskId: string; readonly key: KeyObject };
  readonly configRevision: () => number;
  /** Persists and answers the next connection counter. */
  readonly nextCounter: () => Promise<number>;
  readonly onWelcome: (welcome: Welcome) => Promise<void>;
  readonly onConfig: (config: KioskConfig) => void;
  readonly onChange: () => void;
  readonly fatal: (error: unknown) => void;
};

type Attempt = {
  connection: TransportConnection | null;
  open: boolean;
  greeted: boolean;
  welcomed: boolean;
  closing: string | null;
  patience: Cancel;
};

/**
 * The connection to the server: one at a time, nothing but hello before hello is answered, every question with a time-out,
 * reconnection with backoff and jitter. What the server pushes is checked by schema before anybody sees it.
 */
export class Link {
  readonly #deps: LinkDependencies;
  readonly #backoff: Backoff;
  #attempt: Attempt | null = null;
  #online = false;
  #standing: Standing | null = null;
  #retry: Cancel = () => undefined;
  #stopped = false;

  constructor(dependencies: LinkDependencies) {
    this.#deps = dependencies;
    const { backoffFirstMs: firstMs, backoffMaxMs: maxMs } = dependencies.timeouts;
    this.#backoff = new Backoff({ firstMs, maxMs }, dependencies.chance);
  }

  /** True while hello is answered and the connection stands. */
  get online(): boolean {
    return this.#online;
  }

  /** Why the server refuses this kiosk; null where it does not. */
  get standing(): Standing | null {
    return this.#standing;
  }

  start(): void {
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#retry();
    this.#attempt?.connection?.close();
  }

  /** Asks the server. No connection, no answer in time and an answer out of protocol are all `unavailable`: nothing is known. */
  async ask<Name extends KioskEvent>(
    name: Name,
    request: KioskRequest<Name>,
    timeoutMs = this.#deps.timeouts.ackMs,
  ): Promise<Result<Granted<Name>, Problem>> {
    const attempt = this.#attempt;
    if (!this.#online || !attempt)
      return err(problem('unavailable', { detail: 'There is no connection to the server.' }));
    return this.#exchange(attempt, name, request, timeoutMs);
  }

  #exchange<Name extends KioskEvent>(
    attempt: Attempt,
    name: Name,
    request: KioskRequest<Name>,
    timeoutMs: number,
  ): Promise<Result<Granted<Name>, Problem>> {
    const { hit, scheduler } = this.#deps;
    return new Promise((answer) => {
      const cancel = scheduler.after(timeoutMs, () =>
        answer(err(problem('unavailable', { detail: 'The server did not answer in time.' }))),
      );
      hit(`daemon.send.${name}.before`);
      attempt.connection?.send(name, request, (raw) => {
        cancel();
        hit(`daemon.ack.${name}.before`);
        answer(this.#read(name, raw));
        hit(`daemon.ack.${name}.after`);
      });
      hit(`daemon.send.${name}.after`);
    });
  }

  #read<Name extends KioskEvent>(name: Name, raw: unknown): Result<Granted<Name>, Problem> {
    const parsed = z.safeParse(kioskExchanges[name].answer, raw);
    if (!parsed.success) {
      this.#badMessage(name);
      return err(problem('unavailable', { detail: 'The answer is not in the protocol.' }));
    }
    // The schema of `name` has just been checked; the compiler cannot follow the index.
    const answer = parsed.data as KioskAnswer<Name>;
    return answer.ok ? ok(answer as Granted<Name>) : err(answer.problem);
  }

  #connect(): void {
    if (this.#stopped) return;
    const { transport, scheduler, timeouts } = this.#deps;
    const attempt: Attempt = {
      connection: null,
      open: true,
      greeted: false,
      welcomed: false,
      closing: null,
      patience: () => undefined,
    };
    this.#attempt = attempt;
    attempt.patience = scheduler.after(timeouts.helloMs, () => attempt.connection?.close());
    attempt.connection = transport.connect({
      push: (name, payload) => this.#take(attempt, name, payload),
      closed: (reason) => this.#closed(attempt, reason),
    });
  }

  #closed(attempt: Attempt, reason: string): void {
    if (!attempt.open) return;
    attempt.open = false;
    attempt.patience();
    const { log, onChange, scheduler, timeouts } = this.#deps;
    const wasOnline = this.#online;
    this.#online = false;
    if (attempt.closing !== null && isStanding(attempt.closing)) this.#standing = attempt.closing;
    if (wasOnline) log('link_down', { reason, closing: attempt.closing });
    if (this.#standing === 'kiosk_cloned') log('link_refused', { code: 'kiosk_cloned' });
    // A cloned identity must not fight for the connection: only a new start or enrolment tries again.
    else if (!this.#stopped) {
      const waitMs = this.#standing ? timeouts.refusedRetryMs : this.#backoff.next();
      this.#retry = scheduler.after(waitMs, () => this.#connect());
    }
    onChange();
  }

  #take(attempt: Attempt, name: string, payload: unknown): void {
    if (!attempt.open) return;
    if (name === 'challenge') {
      this.#greet(attempt, payload).catch(this.#deps.fatal);
      return;
    }
    if (name === 'config' && attempt.welcomed) {
      const config = kioskPushes.config.safeParse(payload);
      if (config.success) {
        this.#deps.onConfig(config.data);
        return;
      }
    }
    if (name === 'closing') {
      const closing = kioskPushes.closing.safeParse(payload);
      if (closing.success) {
        attempt.closing = closing.data.code;
        return;
      }
    }
    this.#badMessage(name);
  }

  /** Answers the server's challenge with hello. */
  async #greet(attempt: Attempt, payload: unknown): Promise<void> {
    const challenge = challengeSchema.safeParse(payload);
    if (!challenge.success || attempt.greeted || negotiate(challenge.data.protocols) === undefined) {
      this.#badMessage('challenge');
      this.#refused(attempt, 'unsupported_protocol');
      return;
    }
    attempt.greeted = true;
    const { journal, identity, nextCounter, configRevision, timeouts } = this.#deps;
    const counter = await nextCounter();
    const facts = { kioskId: identity.kioskId, counter, configRevision: configRevision() };
    const hello = helloRequest(challenge.data, facts, journal, identity.key);
    const welcome = await this.#exchange(attempt, 'hello', hello, timeouts.helloMs);
    if (!attempt.open) return;
    if (!welcome.ok) {
      this.#refused(attempt, welcome.error.code);
      return;
    }
    await this.#welcome(attempt, welcome.value);
  }

  async #welcome(attempt: Attempt, welcome: Welcome): Promise<void> {
    const { onWelcome, onChange, log } = this.#deps;
    attempt.patience();
    this.#backoff.reset();
    this.#standing = null;
    attempt.welcomed = true;
    await onWelcome(welcome);
    if (!attempt.open) return;
    this.#online = true;
    log('link_up', { ledgerEpoch: welcome.ledgerEpoch, protocol: welcome.protocol });
    onChange();
  }

  #badMessage(name: string): void {
    this.#deps.log('link_bad_message', { name: name.slice(0, 40) });
    this.#deps.metrics.refused('link', 'malformed');
  }

  #refused(attempt: Attempt, code: string): void {
    if (isStanding(code)) {
      this.#standing = code;
      this.#deps.log('link_refused', { code });
    }
    attempt.connection?.close();
  }
}
