import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { runHistory, type RunResult } from './run.ts';

const HELP = `npm run faults:history -- [--clients N] [--operations M] [--kills K] [--seed S] [--json]

Concurrent callers (kiosk hands, tills, staff) at a real server, on a few hot accounts and slots. Lines are cut, and the
server is killed and started again, so that some answers are never heard; those calls are repeated with the same key or id.
Every call and answer is written down, and for each account and each slot an order is looked for that keeps real time and
that a sequential account or slot explains (Wing and Gong). Where there is none, something was lost, doubled or stale.

  --clients N      callers at a time (16)
  --operations M   calls to record (20000)
  --kills K        times that the server is killed; as often it dies by itself at a failpoint (8)
  --seed S         what is left to chance; the schedule of real processes is not
  --json           the last line is one JSON object

Figures: calls, unknown (never answered), objects, refused (objects without an order), gave_up (too many orders to look at),
faults (internal errors, repeats answered differently, broken invariants), deaths of the server, cuts of kiosk lines, search, took (s).
`;

const { values: flags } = readFlags({
  options: {
    clients: { type: 'string', default: '16' },
    operations: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function figuresOf({ verdicts, recorder, faults, deaths, cuts, tookMs }: RunResult): Record<string, Figure> {
  const { operations } = recorder;
  const count = (value: number, unit: string, target?: number): Figure => ({
    value,
    unit,
    ...(target !== undefined && { target }),
  });
  const objects = (kind: string): number => verdicts.filter((each) => each.kind === kind).length;
  return {
    calls: count(operations.length, 'calls'),
    unknown: count(operations.filter(({ answer }) => answer.kind === 'unknown').length, 'calls'),
    objects: count(verdicts.length, 'objects'),
    refused: count(objects('refused'), 'objects', 0),
    gave_up: count(objects('gave_up'), 'objects', 0),
    faults: count(faults.length, 'faults', 0),
    deaths: count(deaths, 'deaths'),
    cuts: count(cuts, 'cuts'),
    search: count(
      verdicts.reduce((sum, { steps }) => sum + steps, 0),
      'steps',
    ),
    took: count(tookMs / 1000, 's'),
  };
}

if (flags.help) process.stdout.write(HELP);
else {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const result = await runHistory({
    clients: wholeFlag('clients', flags.clients),
    operations: wholeFlag('operations', flags.operations),
    kills: wholeFlag('kills', flags.kills, 0),
    seed: wholeFlag('seed', flags.seed, 0),
    say,
  });
  const { verdicts, recorder, faults } = result;
  for (const fault of faults) say(`FAULT: ${fault}`);
  for (const { object, why } of verdicts) if (why) say(`NO ORDER for ${object}: ${JSON.stringify(why, undefined, 1)}`);
  const samples = join(tmpdir(), 'tessera-reports', 'faults-history.json');
  const kept = { verdicts, faults, operations: recorder.operations };
  finish({ name: 'faults:history', figures: figuresOf(result), samples }, kept, flags.json);
}
