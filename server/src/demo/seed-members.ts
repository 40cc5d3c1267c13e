import * as z from 'zod';
import { members, type DemoMember } from './alliance.ts';
import type { Drawn } from './derive.ts';
import type { SeededMerchant } from './seed-merchants.ts';
import { StepRefused, type Steps } from './steps.ts';

export type SeededMember = {
  readonly memberId: string;
  readonly name: string;
  readonly language: string;
  readonly pin: string;
  readonly cardUid: string;
  /** Answers the member's present QR code as text; exists on a demo server only. */
  readonly qrUrl: string;
  readonly points: number;
};

const member = z.object({ memberId: z.string(), addresses: z.array(z.object({ value: z.string() })) });
const card = z.object({ cardNumber: z.string(), uid: z.string().nullable(), state: z.string() });

async function findOrAdd(steps: Steps, demo: DemoMember, pin: string, key: string): Promise<string> {
  const named = await steps.list(`/v1/members?search=${encodeURIComponent(demo.name)}`, member);
  const known = named.find((one) => one.addresses.some((address) => address.value === demo.email));
  if (known !== undefined) return known.memberId;
  const body = { name: demo.name, language: demo.language, address: { kind: 'email', value: demo.email }, pin };
  return (await steps.make('/v1/members', member, body, key)).memberId;
}

async function giveCard(steps: Steps, memberId: string, uid: string, key: string): Promise<void> {
  const held = await steps.list(`/v1/cards?memberId=${memberId}`, card);
  if (held.some((one) => one.uid === uid)) return;
  const issued = await steps.make('/v1/cards', card, { uid, agent: 'demo' }, `${key}-card`);
  await steps.make(`/v1/cards/${issued.cardNumber}/activation`, card, { memberId }, `${key}-activate`);
}

/** Records a purchase at its merchant's till. A till's reference is used once, so a repeat is refused and means: done. */
async function purchase(till: Steps, memberId: string, amountMinor: number, reference: string): Promise<void> {
  const body = { member: { memberId }, amountMinor, currency: 'CNY', reference };
  try {
    await till.make('/v1/accruals', z.object({}), body, reference);
  } catch (error) {
    if (!(error instanceof StepRefused) || error.problem.code !== 'conflict') throw error;
  }
}

/** Members with a PIN, a card and points that they earned at several merchants. */
export async function seedMembers(
  steps: Steps,
  merchants: readonly SeededMerchant[],
  drawn: Drawn,
  seed: number,
): Promise<SeededMember[]> {
  const seeded: SeededMember[] = [];
  for (const [index, demo] of members.entries()) {
    const key = `member-${String(index)}`;
    const [pin, cardUid] = [drawn.pin(index), drawn.cardUid(index)];
    const memberId = await findOrAdd(steps, demo, pin, key);
    await giveCard(steps, memberId, cardUid, key);
    for (const [place, [at, amountMinor]] of demo.purchases.entries()) {
      const till = steps.as(merchants[at]?.token ?? '');
      await purchase(till, memberId, amountMinor, `demo-${String(seed)}-${String(index)}-${String(place)}`);
    }
    const balance = await steps.read(`/v1/members/${memberId}/balance`, z.object({ available: z.number() }));
    const qrUrl = new URL(`/demo/members/${memberId}/qr`, steps.api.target.url).href;
    seeded.push({ memberId, name: demo.name, language: demo.language, pin, cardUid, qrUrl, points: balance.available });
  }
  return seeded;
}
