import type { Cancel, Chance, Scheduler } from '@tessera/shared/ports';
import type { Problem } from '@tessera/shared/problem';
import { assert, type Result } from '@tessera/shared/result';
import type { OpenRedemption, Variance } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../platform/log-events.ts';
import type { Timeouts } from '../platform/timeouts.ts';
import { Backoff } from './backoff.ts';
import type { Link } from './link.ts';
import { isTransient } from './refusals.ts';

export type OutboxDependencies = {
  readonly journal: Journal;
  readonly link: Pick<Link, 'ask' | 'online'>;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly timeouts: Timeouts;
  readonly log: Log;
  /** True while a restored server has not been told all grants. */
  readonly mustReplayGrants: () => boolean;
  readonly grantsReplayed: () => Promise<void>;
  readonly onChange: () => void;
  readonly fatal: (error: unknown) => void;
};

/**
 * The ordered outbox. It has no memory of its own: what to report, and in which order, is read from the journal; a report
 * is done when the journal says so. One report at a time, again and again until the server has decided.
 */
export class Outbox {
  readonly #deps: OutboxDependencies;
  readonly #backoff: Backoff;
  #running = false;
  #pause: Cancel | null = null;
  #stopped = false;

  constructor(dependencies: OutboxDependencies) {
    this.#deps = dependencies;
    const { backoffFirstMs: firstMs, backoffMaxMs: maxMs } = dependencies.timeouts;
    this.#backoff = new Backoff({ firstMs, maxMs }, dependencies.chance);
  }

  /** Reports waiting for the server. */
  get size(): number {
    return this.#deps.journal.book.reports.size;
  }

  /** Starts sending what waits, unless that is under way or pausing. */
  kick(): void {
    if (this.#running || this.#pause || this.#stopped) return;
    this.#running = true;
    this.#run().catch(this.#deps.fatal);
  }

  stop(): void {
    this.#stopped = true;
    this.#pause?.();
  }

  async #run(): Promise<void> {
    const { link, journal } = this.#deps;
    let goesOn = true;
    while (goesOn && link.online && !this.#stopped) {
      if (this.#deps.mustReplayGrants()) {
        goesOn = await this.#replayGrants();
        continue;
      }
      const [first] = journal.book.reports;
      if (!first) {
        await journal.compactWhenIdle();
        break;
      }
      goesOn = await this.#report(first[0], first[1]);
      this.#deps.onChange();
    }
    this.#running = false;
    if (!goesOn) this.#pauseAWhile();
  }

  #pauseAWhile(): void {
    this.#pause = this.#deps.scheduler.after(this.#backoff.next(), () => {
      this.#pause = null;
      this.kick();
    });
  }

  /** True where the server has decided, so that the next report may follow. */
  async #report(id: string, variance: Variance | null): Promise<boolean> {
    const { journal, link } = this.#deps;
    if (variance) {
      const refusal = this.#decided(id, await link.ask('variance', variance));
      if (refusal === 'undecided') return false;
      await journal.varianceSent(id);
      return true;
    }
    const redemption = journal.book.open.get(id);
    assert(redemption !== undefined, 'a report has a redemption');
    const refusal = this.#decided(id, await this.#tellEnd(redemption));
    if (refusal === 'undecided') return false;
    const closed = await journal.step(id, 'acknowledge', refusal === null ? {} : { refusal });
    assert(closed.ok, 'an ended redemption can be acknowledged');
    return true;
  }

  async #tellEnd({ id, state, order, evidence, revoked }: OpenRedemption): Promise<Result<unknown, Problem>> {
    const { link, journal } = this.#deps;
    const journalHead = journal.head;
    if (state === 'abandoned') return link.ask(revoked ? 'revoked' : 'abandon', { redemptionId: id, journalHead });
    assert(state === 'dropped' || state === 'not_dropped' || state === 'unknown', 'only ends are reported');
    assert(order !== null && evidence !== null, 'a vend has an order and evidence');
    return link.ask('outcome', { redemptionId: id, slot: order.slot, outcome: state, evidence, journalHead });
  }

  /** `null`: taken; a code: refused for good; `undecided`: ask again later. */
  #decided(id: string, answer: Result<unknown, Problem>): string | null {
    if (answer.ok) {
      this.#backoff.reset();
      return null;
    }
    const { code } = answer.error;
    if (isTransient(code)) return 'undecided';
    this.#deps.log('report_refused', { id, code });
    return code;
  }

  /** Tells a restored server the grants that it may have forgotten; those it refuses are its own decision. */
  async #replayGrants(): Promise<boolean> {
    const { journal, link, grantsReplayed } = this.#deps;
    for (const { id, grant, outcome, slot } of await journal.grants()) {
      if (this.#decided(id, await link.ask('replay_grant', { grant, outcome, slot })) === 'undecided') return false;
    }
    await grantsReplayed();
    return true;
  }
}
