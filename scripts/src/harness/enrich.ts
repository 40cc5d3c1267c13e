import { randomUUID } from 'node:crypto';
import type { World } from './world.ts';

/** Gives a member (the first) points, as a purchase does; answers that member. */
export async function enrich(
  { layout, seed }: World,
  points: number,
  member = seed.members[0],
): Promise<World['seed']['members'][number]> {
  if (!member) throw new Error('The demo has no member.');
  const sale = randomUUID();
  const response = await fetch(`${layout.urls.server}/v1/accruals`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${seed.merchant.token}`,
      'content-type': 'application/json',
      'idempotency-key': sale,
    },
    body: JSON.stringify({ member: { memberId: member.memberId }, points, reference: sale }),
  });
  if (!response.ok) throw new Error(`No points: ${await response.text()}`);
  return member;
}
