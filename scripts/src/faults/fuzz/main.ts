import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amountFlag, readFlags, wholeFlag } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { doorNames, fuzz, type DoorName } from './run.ts';

const HELP = `npm run faults:fuzz -- [--doors LIST] [--minutes M] [--messages N] [--seed S] [--json]

Speaks at every door with values from its own schemas, things that exist, and one part broken every other time, and judges
each answer. No crash, no error of ours, nothing changed by a refusal, nothing heard that is not the caller's to know.

  server    a real server: every operation of its OpenAPI document, every message of the kiosk protocol
  ui        the screen's socket of a real kiosk, with a member who redeems meanwhile
  cabinet   the simulated cabinet: its HTTP face, its terminals, and the guard that drives them; no motor is left driven
  serial    what scanner and card reader may hear on their wires; a right frame after it is read
  files     the journal and the small files that a kiosk finds when it starts
  cli       the command line at a real server: its exit codes, its one line of JSON

  --doors LIST   some of these, with commas between (all)
  --minutes M    in all, in equal parts (5)
  --messages N   a door's part ends here where that is sooner
  --seed S       (1)
  --json         the last line is one JSON object

Figures: messages, in all and by door, and findings.
`;

const { values: flags } = readFlags({
  options: {
    doors: { type: 'string', default: doorNames.join(',') },
    minutes: { type: 'string', default: '5' },
    messages: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const isDoor = (name: string): name is DoorName => doorNames.some((each) => each === name);
const named = flags.doors.split(',').map((name) => name.trim());
const strange = named.find((name) => !isDoor(name));

if (flags.help) process.stdout.write(HELP);
else if (strange !== undefined) {
  process.stderr.write(`There is no door "${strange}". --doors takes some of ${doorNames.join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const doors = doorNames.filter((name) => named.includes(name));
  const results = await fuzz({
    doors,
    seed: wholeFlag('seed', flags.seed, 0),
    minutes: amountFlag('minutes', flags.minutes),
    messages: flags.messages === undefined ? Number.POSITIVE_INFINITY : wholeFlag('messages', flags.messages),
    say,
  });
  const figures: Record<string, Figure> = {};
  const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
  const heard = Object.entries(results);
  for (const [name, { findings }] of heard) for (const finding of findings) say(`FOUND ${name}: ${finding}`);
  figures['messages'] = { value: sum(heard.map(([, result]) => result.messages)), unit: 'messages' };
  for (const [name, result] of heard) figures[name] = { value: result.messages, unit: 'messages' };
  figures['findings'] = { value: sum(heard.map(([, { findings }]) => findings.length)), unit: 'findings', target: 0 };
  const samples = join(tmpdir(), 'tessera-reports', 'faults-fuzz.json');
  finish({ name: 'faults:fuzz', figures, samples }, results, flags.json);
}
