import { readFile } from 'node:fs/promises';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec, type Output } from '../command.ts';
import { day, memberId, text, ulid, wholeNumber } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const rule = z.looseObject({
  ruleId: z.string(),
  version: z.number(),
  merchantId: z.string().nullable(),
  name: z.string(),
  definition: z.looseObject({ gives: z.looseObject({ kind: z.string() }) }),
  startsAt: z.number(),
  endsAt: z.number().nullable(),
});
type Rule = z.output<typeof rule>;

const decision = z.looseObject({
  points: z.number(),
  base: z.looseObject({ points: z.number() }),
  rules: z.array(z.looseObject({ name: z.string(), verdict: z.string(), wanted: z.number(), points: z.number() })),
});

/** What a rule says is a document of its own: a file is easier to keep, to try and to show to a second person. */
async function readDefinition(file: string): Promise<Result<unknown, Problem>> {
  try {
    return ok(JSON.parse(await readFile(file, 'utf8')) as unknown);
  } catch {
    return err(problem('malformed', { detail: `--definition ${file} cannot be read as JSON. Nothing was sent.` }));
  }
}

const drawn = (row: Rule): Output => ({
  json: row,
  text: facts([
    ['rule', row.name],
    ['id', row.ruleId],
    ['version', row.version],
    ['at', row.merchantId ?? 'every merchant'],
    ['gives', row.definition.gives.kind],
    ['from', timeText(row.startsAt)],
    ['until', timeText(row.endsAt)],
  ]),
});

const definitionOption = { flags: '--definition <file>', about: 'what it says, as JSON' } as const;
const definition = text('Say what it says: --definition FILE.', 1000);
const dateOptions = [
  { flags: '--from <day>', about: 'first day, UTC (now)' },
  { flags: '--until <day>', about: 'day from which it does not apply any more, UTC (no end)' },
] as const;
const dates = { from: day.optional(), until: day.optional() };
const dated = ({ from, until }: { from?: number | undefined; until?: number | undefined }) => ({
  ...(from === undefined ? {} : { startsAt: from }),
  ...(until === undefined ? {} : { endsAt: until }),
});
const example = '{"gives": {"kind": "multiplier", "percent": 200}, "when": {"categories": ["tea"]}}';

export const rulesList: CommandSpec = defineCommand({
  name: 'rules list',
  summary: 'list earning rules by their newest versions',
  about: 'Without rules a sale earns the merchant’s rate.',
  examples: ['tessera rules list --data ./data', 'tessera rules list --merchant 01KDVDNA00000000000000000A --json'],
  reach: 'server',
  options: [{ flags: '--merchant <id>', about: 'those that its sales meet' }],
  input: z.object({ merchant: ulid('merchant').optional() }),
  async run(context, { merchant }) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/earning-rules', rule, { merchantId: merchant });
    if (!rows.ok) return rows;
    const columns = [
      { title: 'id', value: (row: Rule) => row.ruleId },
      { title: 'name', value: (row: Rule) => row.name },
      { title: 'version', value: (row: Rule) => row.version, right: true },
      { title: 'gives', value: (row: Rule) => row.definition.gives.kind },
      { title: 'at', value: (row: Rule) => row.merchantId ?? 'every merchant' },
      { title: 'from', value: (row: Rule) => timeText(row.startsAt) },
      { title: 'until', value: (row: Rule) => timeText(row.endsAt) },
    ];
    return ok({ json: { items: rows.value }, text: table(rows.value, columns, 'There are no earning rules.') });
  },
});

export const rulesShow: CommandSpec = defineCommand({
  name: 'rules show',
  summary: 'show a rule with all its versions',
  about: 'What it says is printed as it was given.',
  examples: ['tessera rules show 01KDVDNA00000000000000000A --data ./data'],
  reach: 'server',
  arguments: [{ name: 'ruleId', about: 'the rule' }],
  input: z.object({ ruleId: ulid('rule') }),
  async run(context, { ruleId }) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/earning-rules/${ruleId}`, rule.extend({ versions: z.array(rule) }));
    if (!found.ok) return found;
    const versions = found.value.versions.map(
      (each) =>
        `version ${String(each.version)} from ${timeText(each.startsAt)}\n${JSON.stringify(each.definition, null, 2)}`,
    );
    return ok({ json: found.value, text: [drawn(found.value).text, ...versions].join('\n\n') });
  },
});

export const rulesAdd: CommandSpec = defineCommand({
  name: 'rules add',
  summary: 'add an earning rule',
  about: `The file says what it gives and when, e.g. ${example}. "tessera rules try" shows what it would do before.`,
  examples: [
    'tessera rules add --name "Double tea" --definition tea.json --merchant 01KDVDNA00000000000000000A --data ./data',
    'tessera rules add --name "Birthday" --definition birthday.json --from 2027-01-01 --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--name <name>', about: 'its name' },
    definitionOption,
    { flags: '--merchant <id>', about: 'whose sales (every merchant’s)' },
    ...dateOptions,
  ],
  input: z.object({
    name: text('Give it a name: --name NAME.', 120),
    definition,
    merchant: ulid('merchant').optional(),
    ...dates,
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const says = await readDefinition(input.definition);
    if (!says.ok) return says;
    const { name, merchant: merchantId = null } = input;
    const body = { name, merchantId, definition: says.value, ...dated(input) };
    const added = await api.value.post('/v1/earning-rules', rule, body, context.newKey());
    return added.ok ? ok(drawn(added.value)) : added;
  },
});

export const rulesChange: CommandSpec = defineCommand({
  name: 'rules change',
  summary: 'give a rule a new version',
  about: 'The version before stays in force until this one starts, and for sales from before. Nothing is overwritten.',
  examples: ['tessera rules change 01KDVDNA00000000000000000A --definition tea.json --from 2027-02-01 --data ./data'],
  reach: 'server',
  arguments: [{ name: 'ruleId', about: 'the rule' }],
  options: [definitionOption, { flags: '--name <name>', about: 'a new name' }, ...dateOptions],
  input: z.object({ ruleId: ulid('rule'), definition, name: text('A name is not empty.', 120).optional(), ...dates }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const says = await readDefinition(input.definition);
    if (!says.ok) return says;
    const { name } = input;
    const body = { ...(name === undefined ? {} : { name }), definition: says.value, ...dated(input) };
    const changed = await api.value.post(`/v1/earning-rules/${input.ruleId}/versions`, rule, body, context.newKey());
    return changed.ok ? ok(drawn(changed.value)) : changed;
  },
});

export const rulesEnd: CommandSpec = defineCommand({
  name: 'rules end',
  summary: 'end a rule, now or on a day',
  about: 'What was earned by it stays earned.',
  examples: ['tessera rules end 01KDVDNA00000000000000000A --at 2027-03-31 --data ./data'],
  reach: 'server',
  arguments: [{ name: 'ruleId', about: 'the rule' }],
  options: [{ flags: '--at <day>', about: 'day from which it does not apply any more, UTC (now)' }],
  input: z.object({ ruleId: ulid('rule'), at: day.optional() }),
  async run(context, { ruleId, at }) {
    const api = context.api();
    if (!api.ok) return api;
    const body = at === undefined ? {} : { endsAt: at };
    const ended = await api.value.post(`/v1/earning-rules/${ruleId}/end`, rule, body, context.newKey());
    return ended.ok ? ok(drawn(ended.value)) : ended;
  },
});

export const rulesTry: CommandSpec = defineCommand({
  name: 'rules try',
  summary: 'say what a sale would earn, and why; nothing is changed',
  about: 'By the rules in force, and with --definition by a rule that does not exist yet.',
  examples: [
    'tessera rules try --merchant 01KDVDNA00000000000000000A --member 4821073956 --amount 1500 --currency EUR --definition tea.json --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--merchant <id>', about: 'where' },
    { flags: '--member <id>', about: 'who' },
    { flags: '--amount <minor>', about: 'for how much, in minor units' },
    { flags: '--currency <code>', about: 'in which currency (EUR)' },
    definitionOption,
  ],
  input: z.object({
    merchant: ulid('merchant'),
    member: memberId,
    amount: wholeNumber('An amount is a whole number of minor units.', 0, 100_000_000),
    currency: text('A currency has three letters.', 3).default('EUR'),
    definition: definition.optional(),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const says = input.definition === undefined ? undefined : await readDefinition(input.definition);
    if (says?.ok === false) return says;
    const sale = { member: { memberId: input.member }, amountMinor: input.amount, currency: input.currency };
    const drafts = says === undefined ? [] : [{ name: 'draft', definition: says.value }];
    const body = { merchantId: input.merchant, sale, drafts };
    const tried = await api.value.post('/v1/accruals/dry-run', z.object({ decision }), body, context.newKey());
    if (!tried.ok) return tried;
    const { base, rules, points } = tried.value.decision;
    const lines = rules.map(
      (each) => `${each.name}: ${each.verdict}, ${String(each.points)} of ${String(each.wanted)}`,
    );
    const drawnLines = [`by the rate: ${String(base.points)}`, ...lines, `together: ${String(points)}`];
    return ok({ json: tried.value, text: drawnLines.join('\n') });
  },
});
