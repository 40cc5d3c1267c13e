import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec, type Output } from '../command.ts';
import { text, ulid, wholeNumber } from '../inputs.ts';
import { facts, table } from '../table.ts';

const campaign = z.looseObject({
  campaignId: z.string(),
  name: z.string(),
  giftsLimit: z.number().nullable(),
  pointsBudget: z.number().nullable(),
  perMemberLimit: z.number().nullable(),
  gifts: z.number(),
  points: z.number(),
});
type Campaign = z.output<typeof campaign>;

const NONE = 'none';
/** A limit, or the word that lifts it; null is no limit. */
const limit = (about: string, from: number) =>
  z.union([z.literal(NONE).transform(() => null), wholeNumber(about, from)], about).optional();

const limits = {
  gifts: limit('Gifts are a whole number, or none for no limit.', 0),
  points: limit('Points are a whole number, or none for no limit.', 0),
  perMember: limit('Gifts a member are a whole number from 1, or none for no limit.', 1),
};
const limitOptions = [
  { flags: '--gifts <number>', about: 'so many gifts in all, or none for any number' },
  { flags: '--points <points>', about: 'so many points in all, or none' },
  { flags: '--per-member <number>', about: 'so many gifts for each member, or none' },
] as const;

type Limits = z.output<z.ZodObject<typeof limits>>;
/** What was typed, under the names of the API; what was not typed stays as it is. */
const bodyOf = ({ gifts, points, perMember }: Limits) => ({
  ...(gifts === undefined ? {} : { giftsLimit: gifts }),
  ...(points === undefined ? {} : { pointsBudget: points }),
  ...(perMember === undefined ? {} : { perMemberLimit: perMember }),
});

const ofAll = (given: number, most: number | null): string =>
  `${String(given)} of ${most === null ? 'any' : String(most)}`;

const drawn = (row: Campaign): Output => ({
  json: row,
  text: facts([
    ['campaign', row.name],
    ['id', row.campaignId],
    ['gifts', ofAll(row.gifts, row.giftsLimit)],
    ['points', ofAll(row.points, row.pointsBudget)],
    ['each member', row.perMemberLimit ?? 'any'],
  ]),
});

export const campaignList: CommandSpec = defineCommand({
  name: 'campaign list',
  summary: 'list campaigns, what each has given and may give',
  about: 'Held gifts and points count as given: a release gives them back.',
  examples: ['tessera campaign list --data ./data', 'tessera campaign list --json --data ./data'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/campaigns', campaign);
    if (!rows.ok) return rows;
    const columns = [
      { title: 'id', value: (row: Campaign) => row.campaignId },
      { title: 'name', value: (row: Campaign) => row.name },
      { title: 'gifts', value: (row: Campaign) => ofAll(row.gifts, row.giftsLimit), right: true },
      { title: 'points', value: (row: Campaign) => ofAll(row.points, row.pointsBudget), right: true },
      { title: 'each member', value: (row: Campaign) => row.perMemberLimit ?? 'any', right: true },
    ];
    return ok({ json: { items: rows.value }, text: table(rows.value, columns, 'There are no campaigns.') });
  },
});

export const campaignShow: CommandSpec = defineCommand({
  name: 'campaign show',
  summary: 'show a campaign and what it has given',
  about: 'Gifts and points that are held count as given.',
  examples: ['tessera campaign show 01KDVDNA00000000000000000A --data ./data'],
  reach: 'server',
  arguments: [{ name: 'campaignId', about: 'the campaign' }],
  input: z.object({ campaignId: ulid('campaign') }),
  async run(context, { campaignId }) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/campaigns/${campaignId}`, campaign);
    return found.ok ? ok(drawn(found.value)) : found;
  },
});

export const campaignAdd: CommandSpec = defineCommand({
  name: 'campaign add',
  summary: 'add a campaign: limits that several gifts share',
  about: 'A reward joins it by "tessera reward add --campaign". Its limits hold exactly, however many redeem at once.',
  examples: ['tessera campaign add --name "Spring" --gifts 500 --points 100000 --per-member 1 --data ./data'],
  reach: 'server',
  options: [{ flags: '--name <name>', about: 'its name' }, ...limitOptions],
  input: z.object({ name: text('Give it a name: --name NAME.', 120), ...limits }),
  async run(context, { name, ...typed }) {
    const api = context.api();
    if (!api.ok) return api;
    const added = await api.value.post('/v1/campaigns', campaign, { name, ...bodyOf(typed) }, context.newKey());
    return added.ok ? ok(drawn(added.value)) : added;
  },
});

export const campaignChange: CommandSpec = defineCommand({
  name: 'campaign change',
  summary: 'change a campaign’s name or limits',
  about: 'Below what has been given already nothing more is given, and nothing is taken back.',
  examples: ['tessera campaign change 01KDVDNA00000000000000000A --gifts 800 --points none --data ./data'],
  reach: 'server',
  arguments: [{ name: 'campaignId', about: 'the campaign' }],
  options: [{ flags: '--name <name>', about: 'a new name' }, ...limitOptions],
  input: z.object({ campaignId: ulid('campaign'), name: text('A name is not empty.', 120).optional(), ...limits }),
  async run(context, { campaignId, name, ...typed }) {
    const body = { ...(name === undefined ? {} : { name }), ...bodyOf(typed) };
    if (Object.keys(body).length === 0) {
      return err(problem('malformed', { detail: 'Say what changes: --name, --gifts, --points or --per-member.' }));
    }
    const api = context.api();
    if (!api.ok) return api;
    const changed = await api.value.patch(`/v1/campaigns/${campaignId}`, campaign, body, context.newKey());
    return changed.ok ? ok(drawn(changed.value)) : changed;
  },
});
