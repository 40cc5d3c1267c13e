import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * `node sleeper.js NAME PRELOAD ENTRY ARGUMENT…`: loads a program's modules, waits until the machine is awake, then runs the
 * program as if node had been given it. Nothing of the program itself runs before.
 */
const [, , name = '', preload = '', entry = '', ...rest] = process.argv;
const from = pathToFileURL(entry);
const loads = [entry, ...preload.split(',').filter((path) => path !== '')].flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/from ['"]([^'"]+)['"]/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? new URL(specifier, pathToFileURL(path)).href : specifier,
  ),
);
for (const load of loads) await import(load);
mkdirSync('/run/asleep', { recursive: true });
writeFileSync(`/run/asleep/${name}`, '');
while (!existsSync('/run/awake')) await sleep(50);
process.argv = [process.argv[0] ?? 'node', entry, ...rest];
await import(from.href);
