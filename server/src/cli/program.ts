import { Command, CommanderError } from 'commander';
import { newUlid } from '@tessera/shared/ids/ulid';
import { problem, type Problem } from '@tessera/shared/problem';
import { ok, type Result } from '@tessera/shared/result';
import { createApi } from '../client/api.ts';
import { NOT_CONFIRMED } from './confirm.ts';
import type { CommandSpec, Context, OptionSpec, Output, Reach } from './command.ts';
import { exitCodeHelp, exitCodeOf, exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { findTarget } from './target.ts';

const reachOptions: Readonly<Record<Reach, readonly OptionSpec[]>> = {
  none: [],
  data: [{ flags: '--data <dir>', about: 'the data directory (or TESSERA_DATA)' }],
  server: [
    { flags: '--data <dir>', about: 'the data directory of a server on this machine (or TESSERA_DATA)' },
    { flags: '--url <url>', about: 'the address of the running server (or TESSERA_URL)' },
    { flags: '--token <token>', about: 'an admin token; with --data it is read from there (or TESSERA_TOKEN)' },
  ],
};

const groupAbout: Readonly<Record<string, string>> = {
  admin: 'people who run the alliance',
  merchant: 'merchants, their branches and terminals',
  member: 'members',
  card: 'cards',
  reward: 'gifts and their prices',
  kiosk: 'kiosks: enrol, list, revoke',
  stock: 'what stands in a kiosk',
  redemptions: 'redemptions and their doubts',
  rules: 'what sales earn beside the merchant’s rate',
  tier: 'tiers of members',
  accrual: 'sales, and goods that come back',
  rates: 'what points are worth to those who give and take them',
  money: 'balances, terms, and what takes two people',
  settlement: 'who pays whom: runs, statements, payments, disputes',
  points: 'where points came from, moving and correcting them',
  demo: 'an alliance to try things with',
};

type Typed = Readonly<Record<string, unknown>>;

const textOf = (typed: Typed, name: string): string | undefined => {
  const value = typed[name];
  return typeof value === 'string' ? value : undefined;
};

function contextOf(io: CliIo, typed: Typed): Context {
  const hints = { url: textOf(typed, 'url'), token: textOf(typed, 'token'), data: textOf(typed, 'data') };
  const quiet = typed['json'] === true;
  return {
    io,
    dataDir: hints.data ?? io.env['TESSERA_DATA'],
    api() {
      const target = findTarget(hints, io.env);
      return target.ok ? ok(createApi(target.value, io.fetch)) : target;
    },
    newKey: () => `cli-${newUlid(io.clock, io.chance)}`,
    progress(text) {
      if (!quiet) io.err(`${text}\n`);
    },
  };
}

/** A refusal for people: what happened, what was not changed, what to do. */
function sentencesOf(refusal: Problem): string {
  const wait =
    refusal.retryAfterMs === undefined ? '' : ` Try again in ${String(Math.ceil(refusal.retryAfterMs / 1000))} s.`;
  const fields = refusal.code === 'malformed' ? [] : Object.entries(refusal.fields ?? {});
  const lines = fields.map(([pointer, wrong]) => `  ${pointer}: ${wrong}`);
  const first = refusal.code === 'malformed' && refusal.detail !== undefined ? refusal.detail : refusal.title;
  const second = first === refusal.detail || refusal.detail === undefined ? '' : ` ${refusal.detail}`;
  return [`${first}${second}${wait}`, ...lines].join('\n');
}

/** Says how a command ended and gives its exit code. */
function report(io: CliIo, json: boolean, result: Result<Output, Problem>): number {
  if (result.ok) {
    io.out(json ? `${JSON.stringify(result.value.json)}\n` : `${result.value.text}\n`);
    return result.value.failed === true ? exitCodes.refused : exitCodes.done;
  }
  io.err(json ? `${JSON.stringify(result.error)}\n` : `${sentencesOf(result.error)}\n`);
  return result.error.facts?.[NOT_CONFIRMED] === true ? exitCodes.notConfirmed : exitCodeOf(result.error.code);
}

function addOption(command: Command, option: OptionSpec): void {
  if (option.repeatable !== true) {
    command.option(option.flags, option.about);
    return;
  }
  const collect = (value: string, before: string[]): string[] => [...before, value];
  command.option(option.flags, `${option.about} (may be repeated)`, collect, []);
}

function attach(parent: Command, spec: CommandSpec, run: (typed: Typed) => Promise<void>): void {
  const command = parent.command(spec.name.split(' ').at(-1) ?? spec.name).summary(spec.summary);
  command.description(`${spec.summary[0]?.toUpperCase() ?? ''}${spec.summary.slice(1)}.\n\n${spec.about}`);
  for (const argument of spec.arguments ?? []) command.argument(`<${argument.name}>`, argument.about);
  for (const option of [...(spec.options ?? []), ...reachOptions[spec.reach]]) addOption(command, option);
  command.option('--json', 'one JSON document on stdout; refusals as problem JSON on stderr');
  if (spec.environment) command.addHelpText('after', `\nEnvironment\n${listOf(spec.environment)}`);
  command.addHelpText('after', `\nExamples\n${spec.examples.map((example) => `  $ ${example}`).join('\n')}`);
  command.action(async () => {
    const names = (spec.arguments ?? []).map((argument) => argument.name);
    const positional = Object.fromEntries(names.map((name, index) => [name, command.args[index]]));
    await run({ ...command.opts<Typed>(), ...positional });
  });
}

/** Names and what they are for, in two columns. */
function listOf(entries: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(entries).map(({ length }) => length));
  return Object.entries(entries)
    .map(([name, about]) => `  ${name.padEnd(width)}  ${about}`)
    .join('\n');
}

/** Words a person typed that commander did not understand, as a problem. */
function misused(error: CommanderError): Problem {
  const detail = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return problem('malformed', {
    detail: `${detail}${/[.?)]$/.test(detail) ? '' : '.'} "tessera --help" shows what there is.`,
  });
}

function groupOf(program: Command, groups: Map<string, Command>, spec: CommandSpec): Command {
  const [name = '', leaf] = spec.name.split(' ');
  if (leaf === undefined) return program;
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = program.command(name).description(groupAbout[name] ?? name);
  groups.set(name, group);
  return group;
}

/**
 * Reads the arguments, runs one command, and answers its exit code.
 * Nothing here ends the process, so that tests call it as a function.
 */
export async function runCli(argv: readonly string[], specs: readonly CommandSpec[], io: CliIo): Promise<number> {
  const json = argv.includes('--json');
  let exitCode: number = exitCodes.done;
  const program = new Command('tessera')
    .description('Tessera: a loyalty alliance whose kiosks hand over the gift once or not at all.')
    .addHelpText(
      'after',
      `\n${exitCodeHelp}\n\nStart here\n  $ tessera serve --data ./data --demo\n  $ tessera demo seed --data ./data`,
    );
  const quiet = (command: Command): Command =>
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        io.out(text);
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => 100,
    });
  quiet(program);
  const groups = new Map<string, Command>();
  for (const spec of specs) {
    attach(groupOf(program, groups, spec), spec, async (typed) => {
      exitCode = report(io, json, await spec.run(contextOf(io, typed), typed));
    });
  }
  for (const command of [...program.commands, ...[...groups.values()].flatMap((group) => group.commands)])
    quiet(command);
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === 'commander.help') {
      const group = groups.get(argv[0] ?? '');
      io.err((group ?? program).helpInformation());
      return exitCodes.misused;
    }
    return report(io, json, { ok: false, error: misused(error) });
  }
  return exitCode;
}
