import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readFlags } from '../../report/flags.ts';
import { sharesOf } from './groups.ts';
import { profileSchema, stacksOf } from './profile.ts';

const HELP = `npm run bench:profile -- DIR|FILE … [--json]

Says where the processor time of a server went, by what it was spent on: statements of each feature, COMMIT, sockets, checking
of input, signatures, our own code room by room. Idle time and the start of the process are left out.

A profile is what node --cpu-prof writes: "npm run bench:redemptions -- --profile DIR" and "npm run bench:accruals --
--profile DIR" write some, of server, generator and in-process run.

  --least P     shares below P percent are added up (1)
  --json        prints one JSON object a profile
Example: npm run bench:profile -- /tmp/profiles
`;

const { values: flags, positionals } = readFlags({
  options: {
    least: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const filesOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.cpuprofile'))
        .map((name) => join(path, name))
    : [path];

function tell(file: string, least: number): void {
  const shares = sharesOf(stacksOf(z.parse(profileSchema, JSON.parse(readFileSync(file, 'utf8')))));
  const total = shares.reduce((sum, { micros }) => sum + micros, 0);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ file, totalMicros: total, shares })}\n`);
    return;
  }
  const percent = (micros: number): number => (micros * 100) / total;
  const shown = shares.filter(({ micros }) => percent(micros) >= least);
  const rest = total - shown.reduce((sum, { micros }) => sum + micros, 0);
  process.stdout.write(`${file}: ${(total / 1e6).toFixed(1)} s of work\n`);
  for (const { group, micros } of [...shown, { group: 'smaller shares', micros: rest }])
    process.stdout.write(`${percent(micros).toFixed(1).padStart(6)} %  ${group}\n`);
}

if (flags.help) process.stdout.write(HELP);
else if (positionals.length === 0) {
  process.stderr.write('Say which profiles: a folder or files.\nSee --help.\n');
  process.exitCode = 2;
} else for (const file of positionals.flatMap(filesOf)) tell(file, Number(flags.least));
