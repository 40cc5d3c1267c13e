import type { Scheduler } from '@tessera/shared/ports';
import type { Database } from '../database/port.ts';

const PREFIX = 'wake ';
/** A job that many commands ask for is called once in this time. */
const CALL_AFTER_MS = 20;

interface WakeUpOptions {
  readonly database: Database;
  readonly scheduler: Scheduler;
  /** Gives a job its turn, if it is this process that runs it. */
  readonly called: (job: string) => void;
  readonly onFailure: (job: string, cause: unknown) => void;
}

/** Calls jobs that run in another process, and hears the calls of others. Answers how to call. */
export function callJobsElsewhere({ database, scheduler, called, onFailure }: WakeUpOptions): (job: string) => void {
  const due = new Set<string>();
  database.neighbours.listen(
    (word) => {
      if (word.startsWith(PREFIX)) called(word.slice(PREFIX.length));
    },
    () => undefined,
  );
  const call = (job: string): void => {
    due.delete(job);
    database.neighbours.say(database.db, PREFIX + job).catch((cause: unknown) => {
      onFailure(job, cause);
    });
  };
  return (job) => {
    if (due.has(job)) return;
    due.add(job);
    scheduler.after(CALL_AFTER_MS, () => {
      call(job);
    });
  };
}
