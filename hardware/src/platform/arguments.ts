import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/** What one command-line option is for; a default makes it optional. */
export type OptionHelp = { readonly value: string; readonly about: string; readonly fallback?: string };
export type OptionsHelp = Readonly<Record<string, OptionHelp>>;

/** What came of reading a command line: values to use, or a text to print and the code to exit with. */
export type Arguments<T> =
  | { readonly kind: 'run'; readonly options: T }
  | { readonly kind: 'print'; readonly text: string; readonly exitCode: number };

function helpText(command: string, about: string, options: OptionsHelp): string {
  const rows = Object.entries(options).map(([name, { value, about: text, fallback }]) => {
    const suffix = fallback === undefined ? '' : ` (default ${fallback})`;
    return `  ${`--${name} ${value}`.padEnd(24)} ${text}${suffix}`;
  });
  return `${command}\n\n${about}\n\nOptions:\n${rows.join('\n')}\n  ${'--help'.padEnd(24)} Print this.\n`;
}

/**
 * Reads a process's command line against its schema.
 * `--help` prints what each option is for; anything wrong prints what, and exits with 2.
 */
export function readArguments<T>(
  argv: readonly string[],
  door: { command: string; about: string; options: OptionsHelp; schema: z.ZodMiniType<T> },
): Arguments<T> {
  const names = Object.keys(door.options);
  const help = helpText(door.command, door.about, door.options);
  const declared = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const parsedLine = parseArgs({ args: [...argv], options: { ...declared, help: { type: 'boolean' } } });
    const values: Readonly<Record<string, string | boolean | undefined>> = parsedLine.values;
    if (values['help'] === true) return { kind: 'print', text: help, exitCode: 0 };
    const filled = Object.fromEntries(names.map((name) => [name, values[name] ?? door.options[name]?.fallback]));
    const parsed = z.safeParse(door.schema, filled);
    if (parsed.success) return { kind: 'run', options: parsed.data };
    const wrong = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    return { kind: 'print', text: `${wrong.join('\n')}\n\n${help}`, exitCode: 2 };
  } catch (error) {
    return { kind: 'print', text: `${error instanceof Error ? error.message : String(error)}\n\n${help}`, exitCode: 2 };
  }
}
