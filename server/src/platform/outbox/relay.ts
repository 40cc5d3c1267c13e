import { sql } from 'kysely';
import type { Clock, Failpoints } from '@tessera/shared/ports';
import type { Commands, Tx } from '../commands/commands.ts';
import type { Db } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { reach } from '../failpoints.ts';
import { runForJob } from '../jobs/command-job.ts';
import type { Job } from '../jobs/jobs.ts';
import { OUTBOX_JOB, type OutboxTopic, type OutboxTopics } from './outbox.ts';

/** One row as its consumer gets it. The same `outboxId` may come again: a consumer must then do nothing twice. */
export interface Delivery<Topic extends OutboxTopic> {
  readonly outboxId: number;
  readonly createdAt: number;
  readonly payload: OutboxTopics[Topic];
}

/** Who takes what. Throwing means: try again later. */
export type OutboxConsumers = { readonly [Topic in OutboxTopic]: (delivery: Delivery<Topic>) => Promise<void> };

interface RelayOptions {
  readonly db: Db;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  readonly consumers: OutboxConsumers;
  readonly onFailure: (topic: string, outboxId: number, cause: unknown) => void;
}

/** New rows wake the relay; this is for those that wait for another try. */
const EVERY_MS = 5000;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 3_600_000;
const KEEP_SENT_MS = 7 * 24 * 3_600_000;
const SWEEP_MS = 3_600_000;

const due = statement((db, p: { at: number }) =>
  db
    .selectFrom('outbox')
    .selectAll()
    .where('sent_at', 'is', null)
    .where('next_at', '<=', p.at)
    .orderBy('next_at')
    .orderBy('outbox_id')
    .limit(sql.lit(50)),
);
const markSent = statement((db, p: { id: number; at: number }) =>
  db.updateTable('outbox').set({ sent_at: p.at }).where('outbox_id', '=', p.id),
);
const markFailed = statement((db, p: { id: number; next: number; error: string }) =>
  db
    .updateTable('outbox')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_at: p.next, last_error: p.error }))
    .where('outbox_id', '=', p.id),
);

const forgetSent = (db: Db, before: number) => db.deleteFrom('outbox').where('sent_at', '<', before).execute();

type Row = Awaited<ReturnType<typeof due>>[number];
interface Attempt {
  readonly row: Row;
  readonly failure: string | undefined;
}

/** Delivers what commands left in the outbox, at least once, with growing pauses after failures. */
export const outboxJobs = (options: RelayOptions): Job[] => {
  const { db, commands, clock, failpoints, consumers, onFailure } = options;

  const attempt = async (row: Row): Promise<Attempt> => {
    try {
      reach(failpoints, 'server.deliver.before');
      const consume = consumers[row.topic as OutboxTopic] as (delivery: Delivery<OutboxTopic>) => Promise<void>;
      const payload = JSON.parse(row.payload) as OutboxTopics[OutboxTopic];
      await consume({ outboxId: row.outbox_id, createdAt: row.created_at, payload });
      reach(failpoints, 'server.deliver.after');
      return { row, failure: undefined };
    } catch (cause) {
      onFailure(row.topic, row.outbox_id, cause);
      return { row, failure: String(cause) };
    }
  };

  const settle = async (tx: Tx, { row, failure }: Attempt): Promise<void> => {
    const id = row.outbox_id;
    if (failure === undefined) await markSent(tx.db, { id, at: tx.at });
    else await markFailed(tx.db, { id, next: tx.at + pauseAfter(row.attempts), error: failure });
  };

  const deliver: Job['run'] = async (actor) => {
    for (;;) {
      const rows = await due(db, { at: clock.nowMs() });
      if (rows.length === 0) return;
      // Side by side, so that what their consumers write is committed together and not row by row.
      const attempts = await Promise.all(rows.map(attempt));
      await runForJob(commands, 'outbox.settle', actor, async (tx) => {
        for (const each of attempts) await settle(tx, each);
      });
    }
  };

  const sweep: Job['run'] = (actor) =>
    runForJob(commands, 'outbox.sweep', actor, async (tx) => {
      await forgetSent(tx.db, tx.at - KEEP_SENT_MS);
    });

  return [
    { name: OUTBOX_JOB, everyMs: EVERY_MS, run: deliver },
    { name: 'outbox-sweep', everyMs: SWEEP_MS, run: sweep },
  ];
};

/** 2 s, doubled each time, an hour at most. */
const pauseAfter = (attempts: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 12));
