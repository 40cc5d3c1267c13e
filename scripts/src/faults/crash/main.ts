import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { finish, type Figure } from '../../report/report.ts';
import { startWorld } from '../../harness/world.ts';
import { crashCases, type CrashCase } from './cases.ts';
import { runCase, type CaseResult } from './run-case.ts';

const HELP = `npm run faults:crash -- [--only TEXT] [--quick] [--list] [--json]

Real processes, one redemption after another, each disturbed once: a process is killed at a named failpoint or the moment
the screen shows a state. After each, points, stock, books and what physically dropped are compared.

  --only TEXT   cases whose name contains TEXT
  --quick       every fifth case: what the tests run
  --list        the names of all cases
  --json        the last line is one JSON object

Figures: cases, unreached (died nowhere), violations, in_doubt (honest doubts, ended by a count), recovery_p50, recovery_max.
`;

const EVERY = 5;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = crashCases
  .filter(({ name }) => name.includes(flags.only))
  .filter((_, index) => !flags.quick || index % EVERY === 0);

function line({ name, fired, ends, violations, recoveryMs }: CaseResult): string {
  const verdict = violations.length > 0 ? `VIOLATED: ${violations.join('; ')}` : fired ? 'ok' : 'ok, but nothing died';
  return `${name.padEnd(44)} ${(ends.join(',') || 'nothing begun').padEnd(14)} ${(recoveryMs / 1000).toFixed(1).padStart(5)} s  ${verdict}`;
}

function figuresOf(results: readonly CaseResult[]): Record<string, Figure> {
  const recoveries = results.map(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
  const count = (value: number, target?: number): Figure => ({
    value,
    unit: 'cases',
    ...(target !== undefined && { target }),
  });
  return {
    cases: count(results.length),
    unreached: count(results.filter(({ fired }) => !fired).length, 0),
    violations: count(results.filter(({ violations }) => violations.length > 0).length, 0),
    in_doubt: count(results.filter(({ ends }) => ends.includes('in_doubt')).length),
    recovery_p50: { value: recoveries[Math.floor(recoveries.length / 2)] ?? 0, unit: 'ms' },
    recovery_max: { value: recoveries.at(-1) ?? 0, unit: 'ms' },
  };
}

async function run(cases: readonly CrashCase[], say: (text: string) => void): Promise<CaseResult[]> {
  const world = await startWorld(say);
  const results: CaseResult[] = [];
  try {
    for (const [index, one] of cases.entries()) {
      const result = await runCase(world, one);
      results.push(result);
      say(`[${String(index + 1)}/${String(cases.length)}] ${line(result)}`);
    }
  } finally {
    await world.close();
  }
  return results;
}

if (flags.help) process.stdout.write(HELP);
else if (flags.list) process.stdout.write(`${chosen.map(({ name }) => name).join('\n')}\n`);
else if (chosen.length === 0) {
  process.stderr.write(`No case has "${flags.only}" in its name; --list tells the names.\n`);
  process.exitCode = 1;
} else {
  const results = await run(chosen, (text) => process.stderr.write(`${text}\n`));
  const samples = join(tmpdir(), 'tessera-reports', 'faults-crash.json');
  finish({ name: 'faults:crash', figures: figuresOf(results), samples }, results, flags.json);
}
