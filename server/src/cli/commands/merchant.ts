import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { longText, text, wholeNumber } from '../inputs.ts';
import { facts } from '../table.ts';

const localised = z.object({ zh: z.string(), en: z.string(), ar: z.string() });
const industry = z.object({ industryId: z.string(), name: localised });
const merchant = z.looseObject({ merchantId: z.string(), name: z.string(), state: z.string() });
const branch = z.looseObject({ branchId: z.string() });
const terminal = z.looseObject({ terminalId: z.string(), token: z.string() });

/** Finds an industry by its id or by its name in any language. */
async function findIndustry(api: Api, wanted: string): Promise<Result<string, Problem>> {
  const all = await api.get('/v1/industries', z.object({ items: z.array(industry) }));
  if (!all.ok) return all;
  const same = (name: string): boolean => name.toLowerCase() === wanted.toLowerCase();
  const found = all.value.items.find((one) => one.industryId === wanted || Object.values(one.name).some(same));
  if (found !== undefined) return ok(found.industryId);
  const names = all.value.items.map((one) => one.name.en).join(', ');
  const detail = `There is no industry "${wanted}". ${names === '' ? 'None has been added yet.' : `There are: ${names}.`} Add one with --new-industry.`;
  return err(problem('malformed', { detail }));
}

const input = z.object({
  name: text('A merchant needs a name of 1 to 120 characters.', 120),
  industry: text('Say the industry by name or id.', 60),
  newIndustry: z.boolean().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency has three capitals, e.g. CNY.')
    .default('CNY'),
  ratePoints: wholeNumber('Points of a rate are a whole number.', 0, 1_000_000).default(1),
  ratePer: wholeNumber('The amount of a rate is in minor units, e.g. 100.', 1, 1_000_000).default(100),
  timeZone: text('A time zone is named like Asia/Shanghai.', 64).optional(),
  branch: text('A branch needs a name of 1 to 120 characters.', 120).default('Main'),
  terminal: text('A terminal needs a name of 1 to 80 characters.', 80).default('Till 1'),
  terms: longText('Terms have up to 4000 characters.', 4000).optional(),
});

export const merchantAdd: CommandSpec = defineCommand({
  name: 'merchant add',
  summary: 'sign a merchant and connect its first terminal',
  about:
    'Records the merchant, signs and activates its contract, adds a branch and a terminal. The terminal’s token is ' +
    'shown once: put it into the till. A rate says how many points each full amount (in minor units) earns.',
  examples: [
    'tessera merchant add --name "Jasmine House" --industry Catering --data ./data',
    'tessera merchant add --name "Lumen Hair" --industry "Hair and beauty" --rate-points 2 --rate-per 100 --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--name <name>', about: 'the merchant’s name' },
    { flags: '--industry <name>', about: 'its industry, by name in any language or by id' },
    { flags: '--new-industry', about: 'add the industry first; the same name in all languages' },
    { flags: '--currency <code>', about: 'what its tills count in (CNY)' },
    { flags: '--rate-points <points>', about: 'points for each full amount (1)' },
    { flags: '--rate-per <minor>', about: 'that amount in minor units (100)' },
    { flags: '--time-zone <name>', about: 'where its days and years begin, e.g. Asia/Shanghai (UTC)' },
    { flags: '--branch <name>', about: 'its first branch (Main)' },
    { flags: '--terminal <name>', about: 'its first terminal (Till 1)' },
    { flags: '--terms <text>', about: 'what was agreed' },
  ],
  input,
  async run(context, wanted) {
    const api = context.api();
    if (!api.ok) return api;
    const send = api.value;
    const key = context.newKey();
    const industryId =
      wanted.newIndustry === true
        ? await addIndustry(send, wanted.industry, key)
        : await findIndustry(send, wanted.industry);
    if (!industryId.ok) return industryId;
    const made = await addMerchant(send, { ...wanted, industryId: industryId.value }, key);
    if (!made.ok) return made;
    const { merchantId, token, branchId, terminalId } = made.value;
    return ok({
      json: made.value,
      text: facts([
        ['merchant', `${wanted.name}  ${merchantId}`],
        ['branch', `${wanted.branch}  ${branchId}`],
        ['terminal', `${wanted.terminal}  ${terminalId}`],
        ['token', `${token}  (shown once)`],
      ]),
    });
  },
});

async function addIndustry(api: Api, name: string, key: string): Promise<Result<string, Problem>> {
  const made = await api.post(
    '/v1/industries',
    industry,
    { name: { zh: name, en: name, ar: name } },
    `${key}-industry`,
  );
  return made.ok ? ok(made.value.industryId) : made;
}

type Wanted = z.output<typeof input> & { readonly industryId: string };
type Added = { merchantId: string; branchId: string; terminalId: string; token: string };

async function addMerchant(api: Api, wanted: Wanted, key: string): Promise<Result<Added, Problem>> {
  const rate = { points: wanted.ratePoints, perMinor: wanted.ratePer };
  const { name, industryId, currency, terms, timeZone } = wanted;
  const body = {
    ...{ name, industryId, currency, rate },
    ...(terms === undefined ? {} : { terms }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  const made = await api.post('/v1/merchants', merchant, body, `${key}-merchant`);
  if (!made.ok) return made;
  const path = `/v1/merchants/${made.value.merchantId}`;
  for (const state of ['signed', 'active']) {
    const moved = await api.post(`${path}/state`, merchant, { state }, `${key}-${state}`);
    if (!moved.ok) return moved;
  }
  const place = await api.post(`${path}/branches`, branch, { name: wanted.branch }, `${key}-branch`);
  if (!place.ok) return place;
  const { branchId } = place.value;
  const till = await api.post(`${path}/terminals`, terminal, { name: wanted.terminal, branchId }, `${key}-terminal`);
  if (!till.ok) return till;
  return ok({
    merchantId: made.value.merchantId,
    branchId,
    terminalId: till.value.terminalId,
    token: till.value.token,
  });
}
