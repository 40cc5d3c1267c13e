import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { readFlags } from '../../report/flags.ts';
import { finish } from '../../report/report.ts';
import { surprises } from './expectations.ts';
import { faultNames, type Fault } from './faults.ts';
import { places } from './places.ts';
import { runCell, type Cell } from './run-cell.ts';
import { Stage } from './stage.ts';

const HELP = `npm run faults:matrix -- [--only FAULT] [--json]

Every fault of the cabinet, its readers, its processes and its network, at every screen: the real daemon, guard, cabinet
model, services and SQL on a virtual clock. For each cell: where the member ends, how the redemption is settled, what the
staff are told, and that books, shelf and what fell agree. Some minutes.

  --only FAULT   one row: ${faultNames.slice(0, 4).join(', ')}, …
  --json         the last line is one JSON object

Figures: cells, blank (cells that were not reached), surprises.
`;

const { values: flags } = readFlags({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const signs: Readonly<Record<string, string>> = {
  captured: '✓',
  released: '↩',
  refused: '↩',
  in_doubt: '?',
  none: '·',
};

/** A row a fault, a sign a place: ✓ gift and points, ↩ points back, ? in doubt until a count, · nothing begun, ✗ a surprise. */
const rowOf = (fault: Fault, cells: readonly Cell[]): string =>
  `${fault.padEnd(18)} ${cells.map((cell) => (surprises(cell).length > 0 ? '✗' : (signs[cell.settlement] ?? cell.settlement))).join(' ')}`;

/** Each cell has a world of its own: nothing that struck before is left in it. */
async function row(fault: Fault): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const place of places) {
    const stage = await Stage.open();
    cells.push(await runCell(stage, fault, place));
    await stage.close();
  }
  return cells;
}

async function run(chosen: readonly Fault[]): Promise<void> {
  const cells: Cell[] = [];
  process.stderr.write(`${''.padEnd(18)} ${places.join(' · ')}\n`);
  for (const fault of chosen) {
    const seen = await row(fault);
    cells.push(...seen);
    process.stderr.write(`${rowOf(fault, seen)}\n`);
    for (const cell of seen) {
      for (const surprise of surprises(cell)) process.stderr.write(`  ${fault} at ${cell.place}: ${surprise}\n`);
    }
  }
  const figures = {
    cells: { value: cells.length, unit: 'cells' },
    blank: { value: cells.filter(({ reached }) => !reached).length, unit: 'cells', target: 0 },
    surprises: { value: cells.flatMap(surprises).length, unit: 'surprises', target: 0 },
  };
  const samples = join(tmpdir(), 'tessera-reports', 'faults-matrix.json');
  finish({ name: 'faults:matrix', figures, samples }, cells, flags.json);
}

const chosen = faultNames.filter((fault) => flags.only === '' || fault === flags.only);
if (flags.help) process.stdout.write(HELP);
else if (chosen.length === 0) {
  process.stderr.write(`There is no fault "${flags.only}". These are: ${faultNames.join(', ')}.\n`);
  process.exitCode = 2;
} else await run(chosen);
