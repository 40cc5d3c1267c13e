import type { Chance, Clock } from '@tessera/shared/ports';

/** All that the command line touches outside itself; main.ts gives the real ones, tests give theirs. */
export interface CliIo {
  /** Writes the result. One call a command. */
  out(text: string): void;
  /** Writes progress, questions and refusals. */
  err(text: string): void;
  /** True where a person sits at the keyboard. */
  readonly interactive: boolean;
  /** Asks the person at the keyboard and waits for one line. */
  ask(question: string): Promise<string>;
  /** Reads standard input to its end; for secrets that must not appear in a process list. */
  readInput(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly chance: Chance;
}
