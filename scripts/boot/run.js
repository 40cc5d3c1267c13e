import { build, install, root, stopOnSignals } from './steps.js';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `node scripts/boot/run.js simulate --seed 1`: installs, compiles what changed, then runs scripts/src/simulate/main.ts here. */
const [name = '', ...rest] = process.argv.slice(2);
const letGo = stopOnSignals();
await install();
await build({ pages: true });
letGo();
const entry = join(root, 'scripts/dist', name, 'main.js');
process.argv = [process.argv[0] ?? 'node', entry, ...rest];
await import(pathToFileURL(entry).href);
