import * as z from 'zod';
import { industries, merchants, type DemoMerchant } from './alliance.ts';
import type { Steps } from './steps.ts';

export type SeededMerchant = {
  readonly id: string;
  readonly name: string;
  readonly industry: string;
  /** The bearer token of its first terminal. */
  readonly token: string;
};

const localised = z.object({ zh: z.string(), en: z.string(), ar: z.string() });
const industry = z.object({ industryId: z.string(), name: localised });
const merchant = z.object({ merchantId: z.string(), name: z.string(), state: z.string() });
const branch = z.object({ branchId: z.string(), name: z.string() });
const terminal = z.object({ token: z.string() });

const CURRENCY = 'CNY';
const MINOR = 100;

async function industryIds(steps: Steps): Promise<ReadonlyMap<string, string>> {
  const { items } = await steps.read('/v1/industries', z.object({ items: z.array(industry) }));
  const ids = new Map(items.map((item) => [item.name.en, item.industryId]));
  for (const [index, name] of industries.entries()) {
    if (ids.has(name.en)) continue;
    const made = await steps.make('/v1/industries', industry, { name }, `industry-${String(index)}`);
    ids.set(name.en, made.industryId);
  }
  return ids;
}

/** Brings a merchant's contract from applied to active. */
async function activate(steps: Steps, found: z.output<typeof merchant>, key: string): Promise<void> {
  const path = `/v1/merchants/${found.merchantId}/state`;
  if (found.state === 'applied') await steps.make(path, merchant, { state: 'signed' }, `${key}-signed`);
  if (found.state !== 'active') await steps.make(path, merchant, { state: 'active' }, `${key}-active`);
}

async function branchesAndTerminals(
  steps: Steps,
  merchantId: string,
  demo: DemoMerchant,
  key: string,
): Promise<string[]> {
  const tokens: string[] = [];
  const path = `/v1/merchants/${merchantId}`;
  const { items } = await steps.read(`${path}/branches`, z.object({ items: z.array(branch) }));
  for (const [index, { name, address, terminals }] of demo.branches.entries()) {
    const known = items.find((item) => item.name === name);
    const here = known ?? (await steps.make(`${path}/branches`, branch, { name, address }, `${key}-b${String(index)}`));
    for (const [place, label] of terminals.entries()) {
      const body = { name: `${name} · ${label}`, branchId: here.branchId };
      const made = await steps.make(`${path}/terminals`, terminal, body, `${key}-b${String(index)}-t${String(place)}`);
      tokens.push(made.token);
    }
  }
  return tokens;
}

/** Merchants of six industries with branches and terminals, under active contracts. */
export async function seedMerchants(steps: Steps): Promise<SeededMerchant[]> {
  const industryOf = await industryIds(steps);
  const known = await steps.list('/v1/merchants', merchant);
  const seeded: SeededMerchant[] = [];
  for (const [index, demo] of merchants.entries()) {
    const key = `merchant-${String(index)}`;
    const body = {
      name: demo.name,
      industryId: industryOf.get(demo.industry),
      terms: 'Demo contract: points are settled monthly.',
      currency: CURRENCY,
      rate: { points: demo.points, perMinor: MINOR },
      pointsValidDays: 730,
    };
    const found =
      known.find((one) => one.name === demo.name) ?? (await steps.make('/v1/merchants', merchant, body, key));
    await activate(steps, found, key);
    const [token = ''] = await branchesAndTerminals(steps, found.merchantId, demo, key);
    seeded.push({ id: found.merchantId, name: demo.name, industry: demo.industry, token });
  }
  return seeded;
}
