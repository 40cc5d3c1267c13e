import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Context, Output } from './command.ts';

export type Intent = {
  /** One sentence: what will happen, and to how many. */
  readonly sentence: string;
  readonly dryRun: boolean | undefined;
  readonly yes: boolean | undefined;
};

/** The refusal that ends a command whose person said no; it has an exit code of its own. */
export const NOT_CONFIRMED = 'not_confirmed';

const notConfirmed = (detail: string): Result<never, Problem> =>
  err(problem('malformed', { detail, facts: { [NOT_CONFIRMED]: true } }));

/**
 * Asks before dangerous work. Answers `undefined` to go on, or the output of a dry run.
 * Without a keyboard and without `--yes` it refuses: silence is not consent.
 */
export async function confirm(context: Context, intent: Intent): Promise<Result<Output | undefined, Problem>> {
  if (intent.dryRun === true) {
    return ok({
      json: { dryRun: true, would: intent.sentence },
      text: `Dry run, nothing was changed. ${intent.sentence}`,
    });
  }
  if (intent.yes === true) return ok(undefined);
  if (!context.io.interactive) {
    return notConfirmed(`${intent.sentence} Add --yes to confirm, or --dry-run to look first. Nothing was changed.`);
  }
  const answer = await context.io.ask(`${intent.sentence}\nType yes to go on: `);
  return answer.trim().toLowerCase() === 'yes' ? ok(undefined) : notConfirmed('Not confirmed. Nothing was changed.');
}
