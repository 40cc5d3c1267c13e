import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The browser that the tests drive, and fonts for the three languages of the screens. */
const BROWSER_PACKAGES = ['chromium', 'fontconfig', 'fonts-noto-core', 'fonts-noto-cjk'];
/** better-sqlite3 compiles itself where its prebuilt file cannot be downloaded. */
const COMPILER_PACKAGES = ['g++', 'make', 'python3'];
/** Half of the server's tests run on a throw-away PostgreSQL. */
const POSTGRES_PACKAGES = ['postgresql-15'];
const POSTGRES = '/usr/lib/postgresql/15/bin/postgres';
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What those packages bring. Other fonts are wider or narrower, and what is measured on the screens would differ. */
const FAMILIES = ['Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC'];

/** @param {string} family */
function hasFont(family) {
  const { stdout } = spawnSync('fc-list', [family, 'family'], { encoding: 'utf8' });
  return (stdout ?? '').trim() !== '';
}

/** @param {string} command */
const hasCommand = (command) => spawnSync(command, ['--version']).status === 0;

/** The Debian packages that this machine lacks for the tests. */
export function missingPackages() {
  const browser = BROWSERS.some((path) => existsSync(path)) && FAMILIES.every(hasFont);
  const compiler = ['g++', 'make', 'python3'].every(hasCommand);
  return [
    ...(browser ? [] : BROWSER_PACKAGES),
    ...(compiler ? [] : COMPILER_PACKAGES),
    ...(existsSync(POSTGRES) ? [] : POSTGRES_PACKAGES),
  ];
}

/** How this user calls apt-get, or undefined where they may not install, or this is no Debian. */
export function aptGet() {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return undefined;
  return [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
}
