import { randomBytes } from 'node:crypto';
import { ok } from '@tessera/shared/result';
import type { CommandSpec } from '@tessera/server/cli/command';
import type { Serve } from '@tessera/server/cli/commands/serve';
import { allCommands } from '@tessera/server/cli/commands/index';
import type { CliIo } from '@tessera/server/cli/io';
import { runCli } from '@tessera/server/cli/program';

/** What a command left behind. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export type Desk = {
  run(...argv: string[]): Promise<Ran>;
  /** The next answers of the person at the keyboard. */
  readonly answers: string[];
};

export const noServe: Serve = () => Promise.resolve(ok(undefined));

/** A command line without a process: real commands, captured words. */
export function desk(
  options: { env?: Record<string, string>; interactive?: boolean; input?: string; specs?: readonly CommandSpec[] } = {},
): Desk {
  const answers: string[] = [];
  return {
    answers,
    async run(...argv) {
      let [out, err] = ['', ''];
      const io: CliIo = {
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        interactive: options.interactive ?? false,
        ask: (question) => {
          err += question;
          return Promise.resolve(answers.shift() ?? '');
        },
        readInput: () => Promise.resolve(options.input ?? ''),
        env: options.env ?? {},
        fetch,
        clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
        chance: { bytes: (count) => randomBytes(count) },
      };
      const code = await runCli(argv, options.specs ?? allCommands(noServe), io);
      return { code, out, err };
    },
  };
}
