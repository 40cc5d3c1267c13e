import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../../bench/statistics.ts';
import { finish, type Figure } from '../../report/report.ts';
import { runFailovers, type FailoverResult } from './run.ts';

const HELP = `npm run faults:failover -- [--failovers N] [--kiosks N] [--seconds N] [--dir DIR] [--json]

A primary and its synchronous standby (PostgreSQL 15 of Debian, fsync on), one server, kiosks on real sockets that redeem one
gift after the other. Every process of the primary is killed (SIGKILL) under load, the standby is promoted, the server finds
it by itself, and what was the primary becomes the next standby. Then what kiosks were told is compared with the books.

  --failovers N    how often the primary is killed (3)
  --kiosks N       that redeem at a time (16)
  --seconds N      of load before each kill, and after the last (8)
  --dir DIR        where the clusters lie (the system's temporary folder)
  --json           prints one JSON object as the last line

Figures: acknowledged, lost (acknowledged, not captured in the books), doubled (dropped or charged twice), outage (from the
kill to the next acknowledged capture, the median; the standby is promoted at once), asked_again, faults (answers that should
never be given), books_broken (what "tessera check" finds).
`;

const { values: flags } = parseArgs({
  options: {
    failovers: { type: 'string', default: '3' },
    kiosks: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '8' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const figuresOf = ({ told, lost, doubled, outagesMs, broken }: FailoverResult): Record<string, Figure> => ({
  acknowledged: { value: told.captured.size, unit: 'redemptions' },
  lost: { value: lost.length, unit: 'redemptions', target: 0 },
  doubled: { value: doubled.length, unit: 'redemptions', target: 0 },
  failovers: { value: outagesMs.length, unit: 'failovers' },
  outage: { value: median(outagesMs) / 1000, unit: 's' },
  asked_again: { value: told.later, unit: 'messages' },
  faults: { value: told.faults.length, unit: 'answers', target: 0 },
  books_broken: { value: broken === undefined ? 0 : 1, unit: 'databases', target: 0 },
});

if (flags.help) process.stdout.write(HELP);
else {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const result = await runFailovers({
    failovers: Number(flags.failovers),
    kiosks: Number(flags.kiosks),
    seconds: Number(flags.seconds),
    dir: flags.dir,
    say,
  });
  for (const fault of result.told.faults.slice(0, 5)) say(`FAULT: ${fault}`);
  if (result.broken !== undefined) say(result.broken);
  const samples = join(tmpdir(), 'tessera-reports', 'faults-failover.json');
  const kept = { ...result, told: { later: result.told.later, faults: result.told.faults } };
  finish({ name: 'faults:failover', figures: figuresOf(result), samples }, kept, flags.json);
}
