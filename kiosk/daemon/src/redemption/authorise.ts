import type { Clock, Scheduler } from '@tessera/shared/ports';
import type { Problem } from '@tessera/shared/problem';
import { err, type Result } from '@tessera/shared/result';
import type { Journal } from '../journal/journal.ts';
import type { Granted, Link } from '../link/link.ts';
import { isTransient } from '../link/refusals.ts';
import { delay } from '../platform/later.ts';
import type { Timeouts } from '../platform/timeouts.ts';
import type { WalkUp } from './events.ts';

const ASK_AGAIN_MS = 400;

/**
 * Asks the server for points and a unit, again and again under the same id, until it decides or the time is over.
 * A transient problem as the answer means: nobody knows, give up and abandon.
 */
export async function authorise(
  order: WalkUp,
  startedMs: number,
  tools: {
    readonly link: Pick<Link, 'ask'>;
    readonly journal: Pick<Journal, 'head'>;
    readonly clock: Clock;
    readonly scheduler: Scheduler;
    readonly timeouts: Timeouts;
  },
): Promise<Result<Granted<'authorise'>, Problem>> {
  const { link, journal, clock, scheduler, timeouts } = tools;
  const untilMs = startedMs + timeouts.authoriseMs;
  for (;;) {
    const leftMs = Math.max(1, untilMs - clock.monotonicMs());
    const request = { ...order, journalHead: journal.head };
    const answer = await link.ask('authorise', request, Math.min(timeouts.ackMs, leftMs));
    if (answer.ok || !isTransient(answer.error.code)) return answer;
    if (clock.monotonicMs() + ASK_AGAIN_MS >= untilMs) return err(answer.error);
    await delay(scheduler, ASK_AGAIN_MS);
  }
}
