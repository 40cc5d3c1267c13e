import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Plain JavaScript on purpose: this runs before anything is installed or compiled. */

/** The folder of package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** The step that runs now; a stop signal ends it, and with it its whole process group. @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** @param {NodeJS.Signals} signal */
function stopStep(signal) {
  say(`\nStopped by ${signal}.`);
  if (running?.pid !== undefined) process.kill(-running.pid, 'SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** Makes SIGINT and SIGTERM end the preparation at once, also where a background shell ignores SIGINT; answers how to let go of them. */
export function stopOnSignals() {
  process.on('SIGINT', stopStep);
  process.on('SIGTERM', stopStep);
  return () => {
    process.off('SIGINT', stopStep);
    process.off('SIGTERM', stopStep);
  };
}

/**
 * Runs one command in the project's folder, its output on stderr; ends this process where it fails.
 * @param {string} about what people read
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>} what it printed
 */
export async function step(about, command, args) {
  say(`• ${about}`);
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      process.stderr.write(chunk);
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  running = undefined;
  if (code !== 0) {
    say(`✗ ${about}: "${[command, ...args].join(' ')}" ended with ${String(code)}. Nothing further was done.`);
    process.exit(1);
  }
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000;
  if (seconds > 3) say(`  done in ${seconds.toFixed(0)} s`);
  return output;
}

/** @param {string} path @returns {Record<string, {version?: string, link?: boolean, optional?: boolean}>} the packages of a lockfile by their path */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** True where node_modules holds what the lockfile says; npm writes its own record there as the last step of an install. */
function isInstalled() {
  const present = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(
    ([path, { version, optional = false }]) =>
      !path.startsWith('node_modules/') || present[path]?.version === version || (optional && !present[path]),
  );
}

/** Installs the locked packages where they are missing or the lockfile has changed since. */
export async function install() {
  if (isInstalled()) return;
  await step('Installing the locked packages (npm ci); the first time this takes some minutes', 'npm', [
    'ci',
    '--no-audit',
    '--no-fund',
  ]);
}

/** The newest change below a path, in ms; 0 where there is nothing. @param {string} path @returns {number} */
function newestChange(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const below = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(0, ...below.map((name) => newestChange(join(path, name))));
}

/** Builds one Vite project where its sources, or what they share, are newer than the last build. @param {string} room @param {string} about */
async function buildPages(room, about) {
  const built = newestChange(join(root, room, 'dist/index.html'));
  const sources = [room, 'shared/src', 'package-lock.json'].map((path) => newestChange(join(root, path)));
  if (built > Math.max(...sources)) return;
  await step(about, 'npx', ['--no-install', 'vite', 'build', room, '--logLevel', 'warn']);
}

/** Compiles what changed, and the pages where asked. @param {{pages: boolean}} what */
export async function build({ pages }) {
  mkdirSync(join(root, 'node_modules/.cache/tessera'), { recursive: true });
  await step('Compiling what changed (tsc -b)', 'npx', ['--no-install', 'tsc', '-b', 'scripts']);
  if (!pages) return;
  await buildPages('kiosk/ui', "Building the kiosk's screen");
  await buildPages('server/web', 'Building the pages of the server');
}
