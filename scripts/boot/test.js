import { aptGet, missingPackages } from './browser.js';
import { build, install, step, stopOnSignals } from './steps.js';

const HELP = `scripts/test: everything that has to hold before a change is good. Takes about a quarter of an hour on two cores.

  --fast    no browser, no killing of processes: order and the tests of the rooms alone
  --help    this text
`;

const flags = new Set(process.argv.slice(2));
if (flags.has('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}
for (const flag of flags) {
  if (flag === '--fast') continue;
  process.stderr.write(`${flag}: scripts/test does not take this.\n${HELP}`);
  process.exit(1);
}

/** The last lines of each runner, printed again at the end. @type {string[]} */
const closing = [];
let passed = 0;

/** @param {string} about @param {string} command @param {string[]} args */
async function report(about, command, args) {
  const output = await step(about, command, args);
  const figures = output.split('\n').filter((line) => /\d+ (passing|failing|pending)|modules,|"name":/.test(line));
  for (const [, count] of output.matchAll(/^ *(\d+) passing/gm)) passed += Number(count);
  closing.push(`${about}: ${figures.map((line) => line.trim()).join('; ') || 'ok'}`);
}

/** @param {string} glob @param {string[]} more */
const mocha = (glob, ...more) => [
  '--no-install',
  'mocha',
  glob,
  '--forbid-only',
  '--forbid-pending',
  '--fail-zero',
  ...more,
];

stopOnSignals();
const missing = missingPackages();
if (missing.length > 0) {
  const apt = aptGet();
  if (!apt) {
    process.stderr.write(
      `These Debian packages are missing: ${missing.join(' ')}. Install them, then run scripts/test again.\n`,
    );
    process.exit(1);
  }
  const [command = '', ...args] = apt;
  await step('Reading the package lists', command, [...args, 'update', '-qq']);
  await step(`Installing ${missing.join(' ')}`, command, [
    ...args,
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    ...missing,
  ]);
}
await install();
await build({ pages: true });
await report('Types, lint, boundaries, dead code, format', 'npm', ['run', '--silent', 'check']);
await report(
  'Tests of the rooms',
  'npx',
  mocha('test/**/*.test.ts', '--ignore', 'test/e2e/**', '--ignore', 'test/faults/**'),
);
await report('Tests of the server on PostgreSQL', 'env', [
  'TESSERA_TEST_ENGINE=postgres',
  'npx',
  // Pages do not know the engine.
  ...mocha('test/server/**/*.test.ts', '--ignore', 'test/server/web/**', '--timeout', '60000'),
]);
if (!flags.has('--fast')) {
  await report('A real browser at a real kiosk', 'npx', mocha('test/e2e/**/*.test.ts', '--timeout', '180000'));
  await report('Real processes killed', 'npx', mocha('test/faults/**/*.test.ts', '--timeout', '600000'));
}
process.stdout.write(
  `\n${closing.map((line) => `✓ ${line}`).join('\n')}\nAll of it holds.\n${String(passed)} passed, 0 failed\n`,
);
