import { problem, type Problem } from '@tessera/shared/problem';
import { err, type Result } from '@tessera/shared/result';
import type * as z from 'zod';
import type { Api } from '../client/api.ts';
import type { CliIo } from './io.ts';

/** What a command has to say: a document for programs, a text for people. `failed` asks for exit code 1 all the same. */
export type Output = { readonly json: unknown; readonly text: string; readonly failed?: boolean };

/** What a running command is given. */
export type Context = {
  readonly io: CliIo;
  /** The running server; a refusal where none is named or found. */
  api(): Result<Api, Problem>;
  readonly dataDir: string | undefined;
  /** A fresh Idempotency-Key. */
  newKey(): string;
  /** Says on stderr how far long work has come; silent with `--json`. */
  readonly progress: (text: string) => void;
};

export type OptionSpec = {
  /** As commander reads it: `--price <points>`, `--yes`. */
  readonly flags: string;
  readonly about: string;
  readonly repeatable?: boolean;
};

/** Which common options a command takes: those that find a server, only `--data`, or none. */
export type Reach = 'server' | 'data' | 'none';

/** One command: what commander shows, what zod checks, and what runs. */
export type CommandSpec = {
  /** `merchant add` or `check`. */
  readonly name: string;
  readonly summary: string;
  /** A few sentences that teach. */
  readonly about: string;
  readonly examples: readonly string[];
  readonly reach: Reach;
  readonly arguments?: readonly { readonly name: string; readonly about: string }[];
  readonly options?: readonly OptionSpec[];
  /** Environment variables that it reads besides those of its options, each with what it is for. */
  readonly environment?: Readonly<Record<string, string>>;
  run(context: Context, input: unknown): Promise<Result<Output, Problem>>;
};

/** Ties a command's schema to the function that gets what the schema made of the arguments. */
export function defineCommand<Schema extends z.ZodType>(
  spec: Omit<CommandSpec, 'run'> & {
    readonly input: Schema;
    run(context: Context, input: z.output<Schema>): Promise<Result<Output, Problem>>;
  },
): CommandSpec {
  const names = new Set(spec.arguments?.map(({ name }) => name));
  return { ...spec, run: (context, input) => readInput(spec.input, input, names, (value) => spec.run(context, value)) };
}

async function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  argumentNames: ReadonlySet<string>,
  run: (value: z.output<Schema>) => Promise<Result<Output, Problem>>,
): Promise<Result<Output, Problem>> {
  const read = schema.safeParse(input);
  if (read.success) return run(read.data);
  const fields = Object.fromEntries(read.error.issues.map((issue) => [`/${issue.path.join('/')}`, issue.message]));
  const detail = read.error.issues.map((issue) => `${typedAs(issue.path, argumentNames)}: ${issue.message}`).join(' ');
  return err(problem('malformed', { detail, fields }));
}

/** The name under which the help shows it: an argument is `<quantity>`, the option `perMemberLimit` is `--per-member-limit`. */
function typedAs([first = 'arguments']: readonly PropertyKey[], argumentNames: ReadonlySet<string>): string {
  const name = String(first);
  if (argumentNames.has(name)) return `<${name}>`;
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
