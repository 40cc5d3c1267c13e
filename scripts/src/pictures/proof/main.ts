import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CaseResult } from '../../faults/crash/run-case.ts';
import type { Cell } from '../../faults/matrix/run-cell.ts';
import type { Grid } from '../../simulate/coverage.ts';
import { HUNT_MOST, type Hunt } from '../../simulate/plants/hunt.ts';
import type { Look } from '../../soak/watch.ts';
import { drawCoverage } from './coverage.ts';
import { drawCrashes } from './crash.ts';
import { drawMatrix } from './matrix.ts';
import { drawMemory } from './memory.ts';
import { drawPlants } from './plants.ts';

const HELP = `npm run pictures:proof -- [--matrix FILE] [--crash FILE] [--coverage FILE] [--plants FILE] [--soak FILE] [--out FOLDER]

Draws what the proofs found, as SVG, from the files that they leave: each run names its own as "samples".

  --matrix FILE     of npm run faults:matrix        → failure-matrix.svg
  --crash FILE      of npm run faults:crash         → crash-grid.svg
  --coverage FILE   of npm run simulate --coverage  → simulation-coverage.svg
  --plants FILE     of npm run simulate --plant all → planted-bugs.svg
  --soak FILE       of npm run soak                 → soak-memory.svg
  --out FOLDER      where the pictures go (docs/pictures)
`;

/** How each file becomes a picture. The files are the project's own, written a moment ago by the run that is named. */
const drawings: Readonly<Record<string, { readonly to: string; readonly draw: (found: unknown) => string }>> = {
  matrix: { to: 'failure-matrix.svg', draw: (found) => drawMatrix(found as Cell[]) },
  crash: { to: 'crash-grid.svg', draw: (found) => drawCrashes(found as CaseResult[]) },
  coverage: { to: 'simulation-coverage.svg', draw: (found) => drawCoverage((found as { grids: Grid[] }).grids) },
  plants: { to: 'planted-bugs.svg', draw: (found) => drawPlants(found as Hunt[], HUNT_MOST) },
  soak: { to: 'soak-memory.svg', draw: (found) => drawMemory((found as { looks: Look[] }).looks) },
};

const { values: flags } = parseArgs({
  options: {
    matrix: { type: 'string' },
    crash: { type: 'string' },
    coverage: { type: 'string' },
    plants: { type: 'string' },
    soak: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../../../../docs/pictures', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
});

const given: Readonly<Record<string, string | boolean | undefined>> = flags;
const asked = Object.entries(drawings).flatMap(([name, drawing]) => {
  const file = given[name];
  return typeof file === 'string' ? [{ file, ...drawing }] : [];
});

if (flags.help) process.stdout.write(HELP);
else if (asked.length === 0) {
  process.stderr.write('Name at least one file to draw. See --help.\n');
  process.exitCode = 2;
} else {
  mkdirSync(flags.out, { recursive: true });
  for (const { file, to, draw } of asked) {
    writeFileSync(join(flags.out, to), draw(JSON.parse(readFileSync(file, 'utf8'))));
    process.stdout.write(`${to}\n`);
  }
}
