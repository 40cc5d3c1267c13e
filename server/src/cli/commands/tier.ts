import { readFile } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { dangerousOptions, day, dryRun, memberId, text, yes } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const name = z.looseObject({ en: z.string() });
const tier = z.looseObject({ code: z.string(), name, points: z.number(), memberDays: z.number() });
const ladder = z.looseObject({
  version: z.number(),
  timeZone: z.string(),
  span: z.looseObject({ kind: z.string(), days: z.number().optional() }),
  graceDays: z.number(),
  tiers: z.array(tier),
  startsAt: z.number(),
  createdBy: z.string(),
});
type Ladder = z.output<typeof ladder>;
const ladders = z.looseObject({ inForce: z.number().nullable(), items: z.array(ladder) });

const standing = z.looseObject({
  tier: z.looseObject({ code: z.string(), name }).nullable(),
  ladder: z.number().nullable(),
  points: z.number(),
  countsFrom: z.string().nullable(),
  graceUntil: z.string().nullable(),
  missing: z.number(),
  next: z.looseObject({ name, points: z.number(), days: z.number() }).nullable(),
});
const change = z.looseObject({
  kind: z.string(),
  reason: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  points: z.number(),
  graceUntil: z.string().nullable(),
  by: z.string(),
  at: z.number(),
});

const spanText = ({ span }: Ladder): string =>
  span.days === undefined ? 'the calendar year' : `the last ${String(span.days)} days`;

function drawLadder(each: Ladder, inForce: number | null): string {
  const head = facts([
    ['version', `${String(each.version)}${each.version === inForce ? ' (in force)' : ''}`],
    ['from', timeText(each.startsAt)],
    ['counts', `${spanText(each)}, ${each.timeZone}`],
    ['grace', `${String(each.graceDays)} days`],
    ['by', each.createdBy],
  ]);
  const rows = table(
    each.tiers,
    [
      { title: 'tier', value: (row) => row.code },
      { title: 'name', value: (row) => row.name.en },
      { title: 'points', value: (row) => row.points, right: true },
      { title: 'days a member', value: (row) => row.memberDays, right: true },
    ],
    'It has no tiers: it ends those before it.',
  );
  return `${head}\n${rows}`;
}

export const tierLadder: CommandSpec = defineCommand({
  name: 'tier ladder',
  summary: 'show the alliance’s tiers, in every version',
  about: 'Which qualifying points, and how many days as a member, each tier asks for.',
  examples: ['tessera tier ladder --data ./data', 'tessera tier ladder --json'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get('/v1/tier-ladders', ladders);
    if (!found.ok) return found;
    const { items, inForce } = found.value;
    const drawn = items.map((each) => drawLadder(each, inForce)).join('\n\n');
    return ok({ json: found.value, text: drawn === '' ? 'There are no tiers.' : drawn });
  },
});

/** A ladder is a document of its own: a file is easier to keep, and to show to a second person. */
async function readLadder(file: string): Promise<Result<object, Problem>> {
  try {
    const read = z.looseObject({}).safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (read.success) return ok(read.data);
  } catch {
    // Said below.
  }
  return err(
    problem('malformed', { detail: `--definition ${file} cannot be read as a JSON object. Nothing was sent.` }),
  );
}

const example =
  '{"span": {"kind": "year"}, "graceDays": 90, "timeZone": "Europe/Berlin", "tiers": [{"code": "gold", "name": {"zh": "金卡", "en": "Gold", "ar": "ذهبي"}, "points": 5000}]}';

export const tierSet: CommandSpec = defineCommand({
  name: 'tier set',
  summary: 'publish the alliance’s tiers by a new version',
  about: `The file says all of them, the lowest first, e.g. ${example}. Members rise at once; whoever does not deserve a tier any more keeps it for the grace. What a tier gives, earning rules say ("tessera rules add", "when": {"tiers": ["gold"]}).`,
  examples: [
    'tessera tier set --definition tiers.json --dry-run --data ./data',
    'tessera tier set --definition tiers.json --from 2027-01-01 --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--definition <file>', about: 'the tiers, as JSON' },
    { flags: '--from <day>', about: 'first day, UTC (now)' },
    ...dangerousOptions,
  ],
  input: z.object({
    definition: text('Say what they are: --definition FILE.', 1000),
    from: day.optional(),
    dryRun,
    yes,
  }),
  async run(context, { definition, from, dryRun: isDry, yes: isSure }) {
    const api = context.api();
    if (!api.ok) return api;
    const read = await readLadder(definition);
    if (!read.ok) return read;
    const start = from === undefined ? 'now' : `from ${timeText(from)} on`;
    const sentence = `Publishes the tiers of ${definition} for every member, ${start}.`;
    const asked = await confirm(context, { sentence, dryRun: isDry, yes: isSure });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    const body = { ...read.value, ...(from === undefined ? {} : { startsAt: from }) };
    const published = await api.value.post('/v1/tier-ladders', ladder, body, context.newKey());
    return published.ok ? ok({ json: published.value, text: drawLadder(published.value, null) }) : published;
  },
});

/** Changes that are shown; `--json` has no more. */
const CHANGES = 50;

export const tierShow: CommandSpec = defineCommand({
  name: 'tier show',
  summary: 'show a member’s tier, what is missing to the next, and its history',
  about: 'Every change with what brought it about: a sale, a refund, time, or a new version of the tiers.',
  examples: ['tessera tier show 4821073956 --data ./data'],
  reach: 'server',
  arguments: [{ name: 'memberId', about: 'ten digits' }],
  input: z.object({ memberId }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const path = `/v1/members/${input.memberId}/tier`;
    const found = await api.value.get(path, standing);
    if (!found.ok) return found;
    const changes = await api.value.all(`${path}/changes`, change, {}, CHANGES);
    if (!changes.ok) return changes;
    const { tier: own, next, points, countsFrom, graceUntil, missing } = found.value;
    const head = facts([
      ['tier', own ? `${own.name.en} (${own.code})` : 'none'],
      ['points', countsFrom === null ? points : `${String(points)} since ${countsFrom}`],
      ['kept until', graceUntil === null ? null : `${graceUntil}, ${String(missing)} points missing`],
      ['next', next && `${next.name.en}: ${String(next.points)} points and ${String(next.days)} days to go`],
    ]);
    const rows = table(
      changes.value,
      [
        { title: 'when', value: (row) => timeText(row.at) },
        { title: 'what', value: (row) => row.kind },
        { title: 'from', value: (row) => row.from },
        { title: 'to', value: (row) => row.to },
        { title: 'points', value: (row) => row.points, right: true },
        { title: 'kept until', value: (row) => row.graceUntil },
        { title: 'because of', value: (row) => row.reason },
        { title: 'by', value: (row) => row.by },
      ],
      'Nothing has happened yet.',
    );
    return ok({ json: { ...found.value, changes: changes.value }, text: `${head}\n\n${rows}` });
  },
});
