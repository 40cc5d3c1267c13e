import { ok } from '@tessera/shared/result';
import type { Actor } from '../commands/actor.ts';
import type { Commands, Tx } from '../commands/commands.ts';

/** Runs a job's command; a refusal (overload, full disk) throws, so that the job is logged as failed and comes again. */
export async function runForJob<T>(
  commands: Commands,
  name: string,
  actor: Actor,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const done = await commands.run({ name, actor, work: async (tx) => ok(await work(tx)) });
  if (!done.ok) throw new Error(`${name}: ${done.error.code}`);
  return done.value;
}
