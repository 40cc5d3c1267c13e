import { ok } from '@tessera/shared/result';
import { forgetEndedTokens } from '../platform/auth/token-store.ts';
import type { Commands, Tx } from '../platform/commands/commands.ts';
import { forgetExpiredAnswers } from '../platform/idempotency/idempotency.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import { forgetExpiredThrottles } from '../platform/throttle/throttle.ts';

const HOUR_MS = 3_600_000;

/** A server that has not written for so long has ended; its last batch is nobody's question any more. */
const WRITER_KEPT_MS = 30 * 24 * HOUR_MS;

async function forgetWriters(tx: Tx): Promise<void> {
  await tx.db
    .deleteFrom('writers')
    .where('at', '<', tx.at - WRITER_KEPT_MS)
    .execute();
}

/** Forgets what has served: stored answers, attempts, ended tokens, writers of old. */
export const housekeepingJobs = (commands: Commands): Job[] => {
  const job = (name: string, forget: (tx: Tx) => Promise<void>): Job => ({
    name,
    everyMs: HOUR_MS,
    run: async (actor) => {
      const done = await commands.run({
        name,
        actor,
        work: async (tx) => {
          await forget(tx);
          return ok(null);
        },
      });
      if (!done.ok) throw new Error(done.error.code);
    },
  });
  return [
    job('forget-answers', forgetExpiredAnswers),
    job('forget-throttles', forgetExpiredThrottles),
    job('forget-tokens', forgetEndedTokens),
    job('forget-writers', forgetWriters),
  ];
};
