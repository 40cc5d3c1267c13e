import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { finish, type Figure } from '../../report/report.ts';
import { fuzzServer } from './run.ts';

const HELP = `npm run faults:fuzz -- [--minutes M] [--messages N] [--seed S] [--json]

Speaks at the doors of a real server: every operation of its OpenAPI document, every message of the kiosk protocol, with
values from their own schemas, ids that exist, and one part broken every other time. Each answer is judged: a known refusal
or a fine answer, no error of ours, nothing changed by a refusal, nothing heard that is not the caller's to know, the same
answer to a repeat; at the end every invariant holds and no process has died.

  --minutes M    (5)
  --messages N   the run ends here where that is sooner
  --seed S       (1)
  --json         the last line is one JSON object

Figures: messages, findings, fine (accepted), refused.
`;

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    messages: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (flags.help) process.stdout.write(HELP);
else {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { minutes, messages, seed } = flags;
  const result = await fuzzServer({ seed: Number(seed), minutes: Number(minutes), messages: Number(messages), say });
  for (const finding of result.findings) say(`FOUND ${finding}`);
  const sum = (parts: Readonly<Record<string, number>>, wanted: (name: string) => boolean): number =>
    Object.entries(parts).reduce((total, [name, times]) => total + (wanted(name) ? times : 0), 0);
  const fine = sum(result.http, (status) => Number(status) < 300) + sum(result.kiosk, (name) => name.endsWith(' ok'));
  const figures: Record<string, Figure> = {
    messages: { value: result.messages, unit: 'messages' },
    fine: { value: fine, unit: 'answers' },
    refused: { value: sum(result.http, () => true) + sum(result.kiosk, () => true) - fine, unit: 'answers' },
    findings: { value: result.findings.length, unit: 'findings', target: 0 },
  };
  const samples = join(tmpdir(), 'tessera-reports', 'faults-fuzz.json');
  finish({ name: 'faults:fuzz', figures, samples }, result, flags.json);
}
