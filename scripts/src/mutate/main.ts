import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { finish } from '../report/report.ts';
import { roomNames, type RoomName } from './rooms.ts';
import { runRoom } from './run-room.ts';
import { figuresOf, LEAST_SCORE, type RoomVerdict } from './verdict.ts';

const HELP = `npm run mutate -- [--room shared|guard|daemon|server] [--only TEXT] [--incremental] [--concurrency 2] [--json]

Who watches the tests? This changes the rules of the house one small place at a time (a < into a <=, a state into another,
a line left out) and runs the tests of that room that would notice. A mutant that no test notices is a rule that nobody
holds. Your files are not touched: mutants live in a copy under .tmp/mutate/.

  --room NAME      one room; without it all four, one after the other
  --only TEXT      only rules whose path contains this
  --incremental    while you work: take over what the last such run found about code and tests that have not changed; the
                   figures then count what is known of all rules, not only of those that --only chose
  --concurrency N  mutants at a time (2)
  --json           the last line is one JSON object

Each room must notice ${String(LEAST_SCORE)} % at least, within 40 minutes; exit 1 where one does not. What survived is listed, and can be looked
at in .tmp/mutate/reports/<room>.html. docs/mutation.md says which files are mutated, and why the rest survives.
`;

const { values: flags } = parseArgs({
  options: {
    room: { type: 'string' },
    only: { type: 'string', default: '' },
    incremental: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chosenRooms(name: string | undefined): readonly RoomName[] {
  if (name === undefined) return roomNames;
  const chosen = roomNames.filter((room) => room === name);
  if (chosen.length === 0) throw new Error(`There is no room "${name}". Rooms: ${roomNames.join(', ')}.`);
  return chosen;
}

if (flags.help) process.stdout.write(HELP);
else {
  setPriority(10);
  const verdicts: RoomVerdict[] = [];
  for (const room of chosenRooms(flags.room)) {
    const verdict = await runRoom(room, {
      root: fileURLToPath(new URL('../../..', import.meta.url)),
      concurrency: Number(flags.concurrency),
      only: flags.only,
      incremental: flags.incremental,
    });
    for (const survivor of verdict.survivors) process.stderr.write(`survived: ${survivor}\n`);
    verdicts.push(verdict);
  }
  const figures = Object.assign({}, ...verdicts.map(figuresOf)) as ReturnType<typeof figuresOf>;
  const samples = join(tmpdir(), 'tessera-reports', 'mutate.json');
  finish({ name: 'mutate', figures, samples }, verdicts, flags.json);
}
