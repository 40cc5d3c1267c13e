import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../client/api.ts';
import { staff } from './alliance.ts';
import { drawFrom, secretOf } from './derive.ts';
import { seedKiosk, seedRewards, type SeededKiosk, type SeededReward } from './seed-kiosk.ts';
import { seedMembers, type SeededMember } from './seed-members.ts';
import { seedMerchants, type SeededMerchant } from './seed-merchants.ts';
import { must, stepsOf, StepRefused, type Steps } from './steps.ts';

export type SeededAdmin = {
  readonly login: string;
  readonly name: string;
  readonly password: string;
  readonly token: string;
};

/** All that a person or a test needs to try the demo alliance. */
export type SeededAlliance = {
  readonly seed: number;
  readonly admin: SeededAdmin;
  /** The second person, for what one person may not decide alone. */
  readonly second: SeededAdmin;
  readonly merchant: { readonly id: string; readonly token: string };
  readonly merchants: readonly SeededMerchant[];
  readonly kiosks: readonly SeededKiosk[];
  readonly rewards: readonly SeededReward[];
  readonly members: readonly SeededMember[];
};

export type SeedParts = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: typeof fetch;
  /** Told before each stage. */
  readonly progress: (text: string) => void;
};

const DEMO_ONLY =
  'This server was not started with --demo, so nothing was seeded. A demo has credentials that are printed.';

async function seedAdmin(
  steps: Steps,
  person: (typeof staff)[number],
  password: string,
  key: string,
): Promise<SeededAdmin> {
  const admins = await steps.read('/v1/admins', z.object({ items: z.array(z.object({ login: z.string() })) }));
  if (!admins.items.some((admin) => admin.login === person.login)) {
    await steps.make('/v1/admins', z.object({}), { ...person, password }, `admin-${person.login}`);
  }
  const session = z.object({ token: z.string() });
  const { token } = must(
    await steps.api.post('/v1/admin/sessions', session, { login: person.login, password }, `${key}-${person.login}`),
  );
  return { ...person, password, token };
}

async function seedAll(api: Api, seed: number, parts: SeedParts): Promise<SeededAlliance> {
  const ready = must(await api.get('/readyz', z.looseObject({ demo: z.boolean().optional() })));
  if (ready.demo !== true) throw new StepRefused(problem('forbidden', { detail: DEMO_ONLY }));
  const operator = api.target.token ?? '';
  const steps = stepsOf(api, `demo-${secretOf(operator, `keys:${String(seed)}`)}`, parts.fetch);
  const run = newUlid(parts.clock, parts.chance);
  parts.progress('Staff …');
  const [first, other] = staff;
  const admin = await seedAdmin(steps, first, secretOf(operator, first.login), run);
  const second = await seedAdmin(steps, other, secretOf(operator, other.login), run);
  parts.progress('Merchants, branches and terminals …');
  const merchants = await seedMerchants(steps);
  parts.progress('Gifts and their pictures …');
  const rewards = await seedRewards(steps);
  parts.progress('The kiosk and its stock …');
  const kiosk = await seedKiosk(steps, rewards, `${run}-enrolment`);
  parts.progress('Members, cards and points …');
  const members = await seedMembers(steps, merchants, drawFrom(seed), seed);
  const { id, token } = merchants[0] ?? { id: '', token: '' };
  return { seed, admin, second, merchant: { id, token }, merchants, kiosks: [kiosk], rewards, members };
}

/**
 * Seeds the demo alliance through the HTTP API of a running demo server. Repeating it, or going on after it was cut
 * short, makes nothing twice and answers the same; only the session tokens and an unused enrolment code are fresh.
 * @param seed decides PINs and card UIDs
 */
export async function seedDemo(api: Api, seed: number, parts: SeedParts): Promise<Result<SeededAlliance, Problem>> {
  try {
    return ok(await seedAll(api, seed, parts));
  } catch (error) {
    if (error instanceof StepRefused) return err(error.problem);
    throw error;
  }
}
