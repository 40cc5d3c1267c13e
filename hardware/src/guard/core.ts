import type { Cancel, Clock, Failpoints, Scheduler } from '@tessera/shared/ports';
import { err, ok, type Result } from '@tessera/shared/result';
import { Backoff } from '../platform/backoff.ts';
import type { HardwareProblem, OutputClaim, OutputDriver, PulseEnd } from '../ports.ts';
import type { GuardedLine } from '../wiring.ts';
import type { GuardFailpoint } from './failpoints.ts';
import type { GuardLog } from './log-events.ts';
import type { GuardTimeouts } from './timeouts.ts';

/**
 * Whoever watches the guard from another process, and lets go where the guard itself no longer can.
 * `driving` is told before the line is driven.
 */
export interface Deputy {
  readonly alive: boolean;
  driving(line: number, ms: number): void;
  letGo(line: number): void;
  onAlive(listener: () => void): void;
}

export type GuardDependencies = {
  readonly driver: OutputDriver;
  readonly lines: readonly GuardedLine[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeouts: GuardTimeouts;
  readonly failpoints: Failpoints;
  readonly deputy: Deputy;
  readonly log: GuardLog;
};

/** One driver's hold on the guard, from its hello until it closes, falls silent, or is fenced by the next. */
export interface GuardSession {
  pulse(line: number, ms: number): Promise<Result<PulseEnd, HardwareProblem>>;
  letGo(line: number): void;
  /** The driver lives. */
  beat(): void;
  /** The driver is gone: everything it drives is let go. */
  close(): void;
}

type End = PulseEnd['by'];
type Running = {
  readonly line: GuardedLine;
  readonly startedMs: number;
  readonly finish: (end: PulseEnd) => void;
  cancel: Cancel;
  ending: boolean;
};
type Allowed = { readonly line: GuardedLine; readonly claim: OutputClaim };
type Session = { readonly onFenced: (why: 'newer_driver' | 'silent') => void; cancelSilence: Cancel; open: boolean };

/**
 * The rules of the guard. It alone owns the output lines: claimed inactive at once, driven by one driver, one motor at a time,
 * never longer than a line's limit, let go when the driver ends or falls silent.
 */
export class GuardCore {
  readonly #deps: GuardDependencies;
  readonly #backoff: Backoff;
  readonly #running = new Map<number, Running>();
  readonly #readyListeners: ((ready: boolean) => void)[] = [];
  #claim: OutputClaim | undefined;
  #session: Session | undefined;
  #stopped = false;
  #wasReady = false;

  constructor(deps: GuardDependencies) {
    this.#deps = deps;
    const { retryFirstMs, retryMostMs } = deps.timeouts;
    this.#backoff = new Backoff(deps.scheduler, { firstMs: retryFirstMs, mostMs: retryMostMs });
    deps.deputy.onAlive(() => {
      this.#tellReady();
    });
  }

  /** It owns the lines, and somebody watches it. */
  get ready(): boolean {
    return this.#claim !== undefined && this.#deps.deputy.alive && !this.#stopped;
  }

  onReady(listener: (ready: boolean) => void): void {
    this.#readyListeners.push(listener);
  }

  /** Claims all lines inactive; tries until it has them. Answers after the first try. */
  async start(): Promise<void> {
    this.#hit('guard.claim.before');
    const claimed = await this.#deps.driver.claim(this.#deps.lines);
    if (!claimed.ok) {
      this.#deps.log('lines_refused', claimed.error);
      if (!this.#stopped) this.#backoff.retry(() => void this.start());
      return;
    }
    if (this.#stopped) return claimed.value.release();
    this.#hit('guard.claim.after');
    this.#backoff.reset();
    this.#claim = claimed.value;
    this.#deps.log('lines_claimed', { lines: this.#deps.lines.length });
    claimed.value.onLost(() => {
      this.#lose(claimed.value);
    });
    this.#tellReady();
  }

  /** Takes a driver in; the one before it is fenced, and what it drove is let go. */
  attach(onFenced: (why: 'newer_driver' | 'silent') => void): GuardSession {
    if (this.#session) {
      this.#deps.log('driver_fenced');
      this.#end(this.#session, 'newer_driver');
    }
    const session: Session = { onFenced, open: true, cancelSilence: () => undefined };
    this.#session = session;
    this.#deps.log('driver_attached');
    this.#listen(session);
    return {
      pulse: (line, ms) => this.#pulse(session, line, ms),
      letGo: (line) => {
        if (session.open) void this.#letGo(line, 'let_go');
      },
      beat: () => {
        if (session.open) this.#listen(session);
      },
      close: () => {
        if (!session.open) return;
        this.#deps.log('driver_gone');
        this.#end(session, undefined);
      },
    };
  }

  /** Everything inactive and given back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#backoff.stop();
    if (this.#session) this.#end(this.#session, undefined);
    await this.#claim?.release();
    this.#claim = undefined;
    this.#tellReady();
  }

  #hit(name: GuardFailpoint): void {
    this.#deps.failpoints.hit(name);
  }

  #tellReady(): void {
    const { ready } = this;
    if (ready === this.#wasReady) return;
    this.#wasReady = ready;
    for (const listener of this.#readyListeners) listener(ready);
  }

  #listen(session: Session): void {
    session.cancelSilence();
    session.cancelSilence = this.#deps.scheduler.after(this.#deps.timeouts.silenceMs, () => {
      this.#deps.log('driver_silent');
      this.#end(session, 'silent');
    });
  }

  #end(session: Session, why: 'newer_driver' | 'silent' | undefined): void {
    session.open = false;
    session.cancelSilence();
    this.#session = undefined;
    for (const line of this.#running.keys()) void this.#letGo(line, 'lost');
    if (why) session.onFenced(why);
  }

  #refusalOf(session: Session, line: number, ms: number): HardwareProblem | Allowed {
    const found = this.#deps.lines.find((each) => each.line === line);
    if (!session.open) return { code: 'refused', detail: 'This driver was fenced.' };
    if (!Number.isFinite(ms) || ms <= 0) return { code: 'bad_message', detail: 'A pulse lasts longer than nothing.' };
    if (!found) return { code: 'no_such_line', detail: `Line ${String(line)} is not wired.` };
    const claim = this.ready ? this.#claim : undefined;
    if (!claim) return { code: 'gone', detail: 'The guard does not own the lines, or nobody watches it.' };
    const blocks = [...this.#running.values()].some(
      (other) => other.line.line === line || (other.line.kind === 'motor' && found.kind === 'motor'),
    );
    return blocks ? { code: 'busy', detail: 'Another pulse is running.' } : { line: found, claim };
  }

  async #pulse(session: Session, lineNumber: number, ms: number): Promise<Result<PulseEnd, HardwareProblem>> {
    const allowed = this.#refusalOf(session, lineNumber, ms);
    if ('code' in allowed) return err(allowed);
    const { line, claim } = allowed;
    const lastsMs = Math.min(ms, line.limitMs);
    this.#hit('guard.relay_on.before');
    // An emitter or a lamp harms nobody, and is driven so shortly that a busy machine would look like a hung guard.
    if (line.kind === 'motor') this.#deps.deputy.driving(line.line, lastsMs);
    const ended = new Promise<PulseEnd>((finish) => {
      const startedMs = this.#deps.clock.monotonicMs();
      const cancel = this.#deps.scheduler.after(lastsMs, () => {
        void this.#letGo(line.line, ms > line.limitMs ? 'limit' : 'time');
      });
      this.#running.set(line.line, { line, startedMs, finish, cancel, ending: false });
    });
    const driven = await claim.set(line.line, true);
    this.#hit('guard.relay_on.after');
    if (!driven.ok) {
      await this.#letGo(line.line, 'lost');
      if (driven.error.code === 'refused' || driven.error.code === 'no_such_line') return driven;
    }
    const end = await ended;
    this.#deps.log('pulse_ended', { line: line.line, ...end });
    return ok(end);
  }

  async #letGo(lineNumber: number, by: End): Promise<void> {
    const running = this.#running.get(lineNumber);
    if (!running || running.ending) return;
    running.ending = true;
    running.cancel();
    this.#hit('guard.relay_off.before');
    const off = await this.#off(lineNumber);
    this.#hit('guard.relay_off.after');
    this.#forget(running, off ? by : 'lost');
  }

  /** Tries until the line is inactive; false where the driver was lost meanwhile. */
  async #off(line: number): Promise<boolean> {
    for (;;) {
      const claim = this.#claim;
      if (!claim) return false;
      const off = await claim.set(line, false);
      if (off.ok) return true;
      this.#deps.log('line_stuck', { line, ...off.error });
      await new Promise<void>((again) => this.#deps.scheduler.after(this.#deps.timeouts.offRetryMs, again));
    }
  }

  #forget(running: Running, by: End): void {
    if (this.#running.get(running.line.line) !== running) return;
    this.#running.delete(running.line.line);
    this.#deps.deputy.letGo(running.line.line);
    running.finish({ drivenMs: Math.round(this.#deps.clock.monotonicMs() - running.startedMs), by });
  }

  #lose(claim: OutputClaim): void {
    if (this.#claim !== claim) return;
    this.#claim = undefined;
    this.#deps.log('lines_lost');
    for (const running of [...this.#running.values()]) {
      running.cancel();
      this.#forget(running, 'lost');
    }
    this.#tellReady();
    if (!this.#stopped) this.#backoff.retry(() => void this.start());
  }
}
