import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allCommands } from '@tessera/server/cli/commands/index';
import { exitCodes } from '@tessera/server/cli/exit-codes';
import type { CliIo } from '@tessera/server/cli/io';
import { runCli } from '@tessera/server/cli/program';
import { assert, ok } from '@tessera/shared/result';
import type { ServerAlone } from '../../harness/server-alone.ts';
import { commandLines } from './command-lines.ts';
import type { BookDigest } from './digest.ts';
import { Samples } from './from-schema.ts';
import type { Stage } from './stage.ts';
import type { Visit } from './visit.ts';

const main = fileURLToPath(new URL('../../../../server/dist/main.js', import.meta.url));
/** Not among them: what starts a server, fills it, or writes files where it is told to. */
const spared: ReadonlySet<string> = new Set(['serve', 'demo seed', 'backup', 'restore']);
const specs = allCommands(() => Promise.resolve(ok(undefined)));
const fuzzed = specs.filter(({ name }) => !spared.has(name));
/** The names of the commands that are typed, each in its turn. */
export const fuzzedCommands: readonly string[] = fuzzed.map(({ name }) => name);
const documented: ReadonlySet<number> = new Set(Object.values(exitCodes).filter((code) => code !== exitCodes.bug));

const JSON_CHANCE = 0.6;
/** Most are run as a function, which is the same program without the start of a process. */
const PROCESS_CHANCE = 0.02;

type Ran = { readonly code: number; readonly out: string; readonly err: string };
type Parts = {
  readonly visit: Visit;
  readonly stage: Stage;
  readonly server: ServerAlone;
  readonly digest: BookDigest;
  readonly strangerUrl: string;
};

/** Types commands and judges how they end. */
export class CliFuzz {
  readonly #parts: Parts;
  readonly #commands: readonly { readonly name: string; readonly lines: Samples<readonly unknown[]> }[];
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#commands = fuzzed.map((spec) => {
      const lines = new Samples(commandLines(spec), parts.visit.chance.next() | 0);
      return { name: spec.name, lines };
    });
  }

  /** One command line, judged. */
  async ask(): Promise<void> {
    const { visit, stage, digest } = this.#parts;
    const { chance, findings } = visit;
    const command = this.#commands[this.#turn++ % this.#commands.length];
    assert(command !== undefined, 'there are commands');
    const typed = command.lines.next().map((word) => String(stage.things.fill(word)));
    const argv = [...typed, ...this.#reach(), ...(chance.happens(JSON_CHANCE) ? ['--json'] : [])];
    const about = { argv };
    const ran = await (chance.happens(PROCESS_CHANCE) ? inProcess(argv) : asFunction(argv, visit)).catch(
      (error: unknown) => {
        findings.add('a bug of the command line', { error: String(error), about });
      },
    );
    if (!ran) return;
    visit.heard(`${command.name} ${String(ran.code)}`);
    this.#judge(ran, argv, about);
    await findings.unchanged(digest, ran.code === exitCodes.done, about);
  }

  #judge({ code, out, err }: Ran, argv: readonly string[], about: object): void {
    const { findings } = this.#parts.visit;
    if (!documented.has(code)) findings.add(`ended with ${String(code)}`, { about, err });
    if (/^\s+at .+:\d+/m.test(err + out)) findings.add('a stack trace', { about, err });
    if (code !== exitCodes.done && out === '' && err === '') findings.add('ended without a word', about);
    if (!argv.includes('--json') || argv.some((word) => /^(--help|-h)$/.test(word))) return;
    const said = parsed(out === '' ? err : out);
    if (said === undefined || (out !== '' && err !== '')) findings.add('not one line of JSON', { about, out, err });
    else if (out === '') findings.refusal(said, about);
    else if (code === exitCodes.done) this.#parts.stage.things.learn(said);
  }

  /** How the server is named: mostly right. */
  #reach(): readonly string[] {
    const { visit, server, strangerUrl } = this.#parts;
    const { chance } = visit;
    if (chance.happens(0.8)) return ['--data', server.dataDir];
    const urls = [
      server.url,
      server.url,
      strangerUrl,
      'http://127.0.0.1:1',
      'nonsense',
      'ftp://127.0.0.1',
      'http://',
      '',
    ];
    const tokens = [server.operator, server.operator, 'nonsense', '', 'ü'];
    return chance.pick([
      ['--url', chance.pick(urls), '--token', chance.pick(tokens)],
      ['--url', chance.pick(urls), '--data', server.dataDir],
      ['--data', join(server.dataDir, chance.pick(['nowhere', 'server', 'server/tessera.db']))],
      [],
    ]);
  }
}

async function asFunction(argv: readonly string[], { chance }: Visit): Promise<Ran> {
  let [out, err] = ['', ''];
  const io: CliIo = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interactive: chance.happens(0.2),
    // The question is for whoever sits there, and no part of what is judged.
    ask: () => Promise.resolve(chance.pick(['yes', 'no', ''])),
    readInput: () => Promise.resolve(chance.pick(['', 'short', 'a long enough password 1', '\u0000'])),
    env: {},
    fetch,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    chance,
  };
  const code = await runCli(argv, specs, io);
  return { code, out, err };
}

function inProcess(argv: readonly string[]): Promise<Ran> {
  // An argument of a process ends at its first zero.
  const words = argv.map((word) => word.replaceAll('\u0000', ''));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...words], { timeout: 60_000 }, (error, out, err) => {
      const code = error === null ? exitCodes.done : (child.exitCode ?? exitCodes.bug);
      resolve({ code, out, err });
    });
    child.stdin?.end();
  });
}

/** The one line that there is; undefined where it is none, or not JSON. */
function parsed(text: string): unknown {
  try {
    return text.endsWith('\n') && text.indexOf('\n') === text.length - 1 ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
