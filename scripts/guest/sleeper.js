import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * `node sleeper.js NAME PRELOAD ENTRY ARGUMENT…`: loads a program's modules, waits until the machine is awake, then runs the
 * program as if node had been given it. Nothing of the program itself runs before. PRELOAD is a file that ENTRY loads later.
 */
const [, , name = '', preload = '', entry = '', ...rest] = process.argv;
const files = [entry, preload].filter((path) => path !== '');
const loads = files.flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/from ['"](\.[^'"]+)['"]/g)].map(
    ([, specifier = '']) => new URL(specifier, pathToFileURL(path)).href,
  ),
);
for (const load of loads) await import(load);
mkdirSync('/run/asleep', { recursive: true });
writeFileSync(`/run/asleep/${name}`, '');
while (!existsSync('/run/awake')) await sleep(50);
// Of a program and its variants one is chosen.
if (!readFileSync('/run/awake', 'utf8').split(/\s+/).includes(name)) process.exit(0);
process.argv = [process.argv[0] ?? 'node', entry, ...rest];
await import(pathToFileURL(entry).href);
