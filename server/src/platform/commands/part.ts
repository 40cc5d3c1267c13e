import { CompiledQuery } from 'kysely';
import type { AuditLine } from '../audit/line.ts';
import { statement } from '../database/statement.ts';
import type { Refused, Tx } from './commands.ts';

const fixed = (text: string) => statement(() => ({ compile: () => CompiledQuery.raw(text) }));
const savepoint = fixed('savepoint part');
const release = fixed('release part');
const rollbackTo = fixed('rollback to part');

/** Runs a part of a command that may be refused alone: then what it wrote, recorded and planned is undone, and the rest stays. */
export async function inPart<T>(tx: Tx, work: (part: Tx) => Promise<Refused<T>>): Promise<Refused<T>> {
  const lines: AuditLine[] = [];
  const planned: (() => void)[] = [];
  const part: Tx = {
    db: tx.db,
    at: tx.at,
    actor: tx.actor,
    record: (line) => {
      lines.push(line);
    },
    afterCommit: (run) => {
      planned.push(() => {
        tx.afterCommit(run);
      });
    },
    wake: (job) => {
      planned.push(() => {
        tx.wake(job);
      });
    },
  };
  await savepoint(tx.db, {});
  const result = await work(part);
  if (result.ok) {
    for (const line of lines) tx.record(line);
    for (const plan of planned) plan();
  } else await rollbackTo(tx.db, {});
  await release(tx.db, {});
  return result;
}
