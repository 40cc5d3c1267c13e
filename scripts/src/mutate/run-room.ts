import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyHouse } from './copy-house.ts';
import { rooms, type RoomName } from './rooms.ts';
import { judge, type MutationReport, type RoomVerdict } from './verdict.ts';

export type RunOptions = {
  readonly root: string;
  /** Mutants that are tried at the same time. */
  readonly concurrency: number;
  /** Only rules whose path contains this; empty for all. */
  readonly only: string;
  /** Takes over what an earlier run found about code and tests that have not changed. */
  readonly incremental: boolean;
};

/** Tests that take longer than three times their time and this never end; a busy machine alone must not kill a mutant. */
const ENDLESS_MS = 10_000;

const stryker = join(
  dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
  'bin/stryker.js',
);

/** Stryker's configuration for one room; it runs inside of the copy, so it may change files in place. */
function configurationOf(room: RoomName, options: RunOptions, kept: string): object {
  const { rules, tests } = rooms[room];
  return {
    packageManager: 'npm',
    inPlace: true,
    mutate: rules.filter((path) => path.includes(options.only)),
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--conditions=source', '--import=tsx', '--import=./scripts/src/mutate/loud-rejections.ts'],
    mochaOptions: { 'no-config': true, 'no-package': true, spec: tests },
    coverageAnalysis: 'perTest',
    concurrency: options.concurrency,
    timeoutMS: ENDLESS_MS,
    timeoutFactor: 3,
    // A table is made when its module is loaded: such mutants are what this is about.
    ignoreStatic: false,
    checkers: [],
    reporters: ['json', 'html', 'progress-append-only'],
    jsonReporter: { fileName: `${kept}.json` },
    htmlReporter: { fileName: `${kept}.html` },
    incremental: options.incremental,
    incrementalFile: `${kept}.incremental.json`,
    thresholds: { high: 100, low: 85, break: null },
    allowConsoleColors: false,
    disableTypeChecks: false,
    tempDirName: 'stryker-tmp',
  };
}

function strykerIn(copy: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [stryker, 'run', 'stryker.config.json'], {
      cwd: copy,
      stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Makes a room's mutants in a copy of the house, lets the room's tests hunt them, and counts. */
export async function runRoom(room: RoomName, options: RunOptions): Promise<RoomVerdict> {
  const folder = join(options.root, '.tmp/mutate');
  const copy = join(folder, room);
  const kept = join(folder, 'reports', room);
  mkdirSync(dirname(kept), { recursive: true });
  rmSync(`${kept}.json`, { force: true });
  copyHouse(options.root, copy);
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(configurationOf(room, options, kept), undefined, 2));
  const startedMs = performance.now();
  const code = await strykerIn(copy);
  if (code !== 0) throw new Error(`Stryker ended with ${String(code)} in ${room}; its words stand above.`);
  const report = JSON.parse(readFileSync(`${kept}.json`, 'utf8')) as MutationReport;
  return judge(room, report, performance.now() - startedMs);
}
