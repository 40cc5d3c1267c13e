import { ok } from '@tessera/shared/result';
import type { SeededChance } from './seeded-chance.ts';
import type { SimulatedMember } from './seed-alliance.ts';
import type { ServerHost } from './server-host.ts';
import type { Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

export type TillDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly host: ServerHost;
  readonly truth: Truth;
  readonly violate: (text: string) => void;
};

const POINTS = 70;
const AGAIN_MS = 2_000;

/**
 * A purchase at a till, which sends it under one key until it is answered, and sometimes once more. The key means this
 * purchase for ever: with another one it must be refused.
 */
export async function buy(member: SimulatedMember, deps: TillDependencies): Promise<void> {
  const { time, chance, truth, violate } = deps;
  const key = `purchase-${String(chance.next())}-${String(chance.next())}`;
  truth.beingIssued += POINTS;
  let answer = await send(member, key, POINTS, deps);
  while (!answer?.ok) {
    await time.sleep(AGAIN_MS);
    answer = await send(member, key, POINTS, deps);
  }
  truth.issued += POINTS;
  truth.beingIssued -= POINTS;
  if (chance.happens(0.3)) await send(member, key, POINTS, deps);
  if (!chance.happens(0.2)) return;
  const other = await send(member, key, POINTS * 10, deps);
  if (other && (other.ok || other.error.code !== 'idempotency_key_reused'))
    violate(`key ${key} was taken for another purchase`);
}

async function send(member: SimulatedMember, key: string, points: number, { host }: TillDependencies) {
  const { memberId } = member;
  const request = { memberId, points };
  return host.keyed(key, request, 'accrual', async (tx) => {
    const { server } = host;
    if (server)
      await server.ledger.earn(tx, { memberId, issuer: null, rule: 'till', points, expiresAt: null, reason: key });
    return ok(null);
  });
}
