import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { readFlags, wholeFlag } from '../../report/flags.ts';
import { finish } from '../../report/report.ts';
import { startWorld } from '../../harness/world.ts';
import { crashCases, elsewhere, type CrashCase } from './cases.ts';
import { figuresOf, gridOf } from './grid.ts';
import { runCase, type CaseResult } from './run-case.ts';

const HELP = `npm run faults:crash -- [--only TEXT] [--kills N] [--worlds N] [--list] [--json]

Real processes, one redemption after another, each disturbed: a process is killed (or frozen) at a named failpoint, again
while it recovers, or the moment the screen shows a state. After each, points, stock, books and what physically dropped
are compared. The whole grid takes some hours; a kill takes about ten seconds.

  --only TEXT   cases whose name contains TEXT
  --kills N     how often each case is run (5)
  --worlds N    how many whole alliances are disturbed side by side (1)
  --list        the names of all cases, and what is ended elsewhere
  --json        the last line is one JSON object

Figures: cases, kills, unreached (cases that died nowhere), violations, in_doubt (honest doubts, ended by a count),
recovery_p50, recovery_max.
`;

const { values: flags } = readFlags({
  options: {
    only: { type: 'string', default: '' },
    kills: { type: 'string', default: '5' },
    worlds: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = crashCases.filter(({ name }) => name.includes(flags.only));
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function line({ name, fired, ends, violations, recoveryMs }: CaseResult): string {
  const verdict = violations.length > 0 ? `VIOLATED: ${violations.join('; ')}` : fired ? 'ok' : 'ok, but nothing died';
  return `${name.padEnd(44)} ${(ends.join(',') || 'nothing begun').padEnd(14)} ${(recoveryMs / 1000).toFixed(1).padStart(5)} s  ${verdict}`;
}

/** Works through the queue in one world; where a case leaves it unusable, that is said, and the next world goes on. */
async function work(queue: CrashCase[], results: CaseResult[], total: number): Promise<void> {
  while (queue.length > 0) {
    const world = await startWorld(say);
    try {
      for (let one = queue.shift(); one; one = queue.shift()) {
        const { name } = one;
        const broken = (error: unknown): CaseResult => {
          const violations = [`not settled: ${String(error)}`];
          return { name, fired: false, violations, ends: [], recoveryMs: 0 };
        };
        const result = await runCase(world, one).catch(broken);
        results.push(result);
        say(`[${String(results.length)}/${String(total)}] ${line(result)}`);
        if (result.violations.length > 0) break;
      }
    } finally {
      await world.close();
    }
  }
}

if (flags.help) process.stdout.write(HELP);
else if (flags.list) {
  const others = Object.entries(elsewhere).map(([effect, why]) => `not here: daemon.${effect}: ${why}`);
  process.stdout.write(`${[...chosen.map(({ name }) => name), ...others].join('\n')}\n`);
} else if (chosen.length === 0) {
  process.stderr.write(`No case has "${flags.only}" in its name; --list tells the names.\n`);
  process.exitCode = 2;
} else {
  const kills = wholeFlag('kills', flags.kills);
  const worlds = wholeFlag('worlds', flags.worlds);
  const queue = Array.from({ length: kills }, () => chosen).flat();
  const total = queue.length;
  const results: CaseResult[] = [];
  await Promise.all(Array.from({ length: Math.min(worlds, total) }, () => work(queue, results, total)));
  const samples = join(tmpdir(), 'tessera-reports', 'faults-crash.json');
  say(gridOf(results));
  finish({ name: 'faults:crash', figures: figuresOf(results), samples }, results, flags.json);
}
