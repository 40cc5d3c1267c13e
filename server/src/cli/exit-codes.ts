import type { ProblemCode } from '@tessera/shared/problem';

/** What the shell is told when `tessera` ends. Listed in `tessera --help`. */
export const exitCodes = {
  done: 0,
  refused: 1,
  misused: 2,
  unreachable: 3,
  notConfirmed: 4,
  bug: 70,
} as const;

/** The lines of `tessera --help` that explain the exit codes. */
export const exitCodeHelp = `Exit codes
  0   done
  1   refused by the server, or "check" found something that does not hold
  2   the command line was not understood; nothing was sent
  3   the server cannot be reached or is overloaded; nothing was changed
  4   not confirmed; nothing was changed
  70  a bug in tessera itself`;

const misuse: readonly ProblemCode[] = ['malformed'];
const absent: readonly ProblemCode[] = ['unavailable', 'overloaded'];

/** The exit code of a refusal. */
export function exitCodeOf(code: ProblemCode): number {
  if (misuse.includes(code)) return exitCodes.misused;
  if (absent.includes(code)) return exitCodes.unreachable;
  return exitCodes.refused;
}
