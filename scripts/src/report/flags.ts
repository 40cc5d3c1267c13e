import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Says what is wrong with the words after a script's name, and ends it with 2: nothing was measured. */
function misused(text: string): never {
  process.stderr.write(`${text}\nSee --help.\n`);
  process.exit(2);
}

/** `parseArgs`, with a sentence instead of a stack trace for words that it does not know. */
export function readFlags<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    return misused(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The whole number of a flag, `least` (1) or more. */
export function wholeFlag(name: string, text: string, least = 1): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least ? value : misused(`--${name} takes a whole number from ${String(least)}, not "${text}".`);
}

/** Which database the books are in. */
export type BenchEngine = 'sqlite' | 'postgres';

/** The engine that `--engine` names. */
export const engineFlag = (text: string): BenchEngine =>
  text === 'sqlite' || text === 'postgres' ? text : misused(`--engine takes sqlite or postgres, not "${text}".`);

/** The number of a flag, above 0; it may have a fraction. */
export function amountFlag(name: string, text: string): number {
  const value = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  return value > 0 ? value : misused(`--${name} takes a number above 0, not "${text}".`);
}
