import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { isFree, ownerOf } from './port-owner.js';
import { build, install, root, stopOnSignals } from './steps.js';

const HELP = `scripts/start: a whole Tessera on this machine: server, kiosk daemon, guard and a simulated cabinet,
with a demo alliance to play with. The first start installs and compiles; later ones take seconds.

  --port-base N   server on N, kiosk screen on N+1, cabinet dock on N+2 (4100)
  --data DIR      where everything is kept (data/ beside this README)
  --fresh         forget an earlier demo in DIR and begin anew; touches only a folder that this command made
  --json          once all is healthy, one line on stdout: {"ready":true,"urls":…,"admin":…,"members":…,"pids":…}
  --help          this text

Stop it with Ctrl-C, or with SIGTERM. Without --fresh a restart keeps the alliance and its credentials.
A process of it that dies is started again within two seconds; DIR/run/pids.json says which runs under which id,
DIR/run/logs/ has what each one says.
`;

/** @param {string} message @returns {never} */
function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        'port-base': { type: 'string', default: '4100' },
        data: { type: 'string', default: resolve(root, 'data') },
        fresh: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message : String(error)}\nscripts/start --help tells what it takes.`,
    );
  }
}

const flags = readFlags();
if (flags.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const portBase = Number(flags['port-base']);
if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_533) {
  refuse(`--port-base ${flags['port-base']}: give a whole number from 1024 to 65533.`);
}
for (const port of [portBase, portBase + 1, portBase + 2]) {
  if (!(await isFree(port))) {
    refuse(
      `Port ${String(port)} is busy: ${ownerOf(port)} listens there. Ask whoever runs it to stop it, or choose others with --port-base. Nothing was started or changed.`,
    );
  }
}
const letGo = stopOnSignals();
await install();
await build({ pages: true });
const { start } = await import(pathToFileURL(resolve(root, 'scripts/dist/start/main.js')).href);
letGo();
await start({ root, portBase, dataDir: resolve(flags.data), fresh: flags.fresh, json: flags.json });
