import { ok } from '@tessera/shared/result';
import { formatRotatingQr, stepAt } from '@tessera/shared/credentials/rotating-qr';
import type { ServerHost } from './server-host.ts';

/** A member with the phone that shows the code. */
export type SimulatedMember = {
  readonly memberId: string;
  readonly pin: string;
  readonly credentialId: string;
  readonly secret: Uint8Array;
  /** Has to earn points before the next gift. */
  readonly isPoor: boolean;
};

const isPoor = (index: number): boolean => index % POOR_EVERY === 0;

/** The code on the member's phone at a time, ms since the epoch. */
export const codeOf = ({ secret, credentialId }: SimulatedMember, nowMs: number): string =>
  formatRotatingQr(secret, credentialId, stepAt(nowMs));

const PRICES = [50, 80, 120, 200];
const LOTS = 3;
const POINTS_EACH = 2_000_000;
/** One in five has next to nothing, and asks for more than that. */
const POOR_EVERY = 5;
const POOR_POINTS = 60;
/** How often a member may have the first gift. */
const LIMIT = 12;

/** Founds a small alliance: rewards at several prices and members with points enough for a long run. */
export async function seedAlliance(
  host: ServerHost,
  members: number,
  prices: readonly number[] = PRICES,
): Promise<{ rewards: string[]; members: SimulatedMember[]; points: number }> {
  const server = host.server;
  if (!server) throw new Error('the server must be up to be seeded');
  const { alliance, ledger } = server;
  const rewards: string[] = [];
  for (const price of prices) {
    const words = { zh: `礼品${String(price)}`, en: `Gift ${String(price)}`, ar: `هدية ${String(price)}` };
    const reward = await host.must('reward.add', (tx) =>
      alliance.rewards.add(tx, {
        name: words,
        about: words,
        price,
        validFrom: 0,
        validUntil: null,
        perMemberLimit: rewards.length === 0 ? LIMIT : null,
        ownerMerchantId: null,
        campaignId: null,
        state: 'active',
      }),
    );
    rewards.push(reward.rewardId);
  }
  const people: SimulatedMember[] = [];
  for (let index = 0; index < members; index += 1) {
    const pin = String(1000 + index);
    const name = `Member ${String(index)}`;
    const added = await host.must('member.add', (tx) =>
      alliance.members.add(tx, { name, language: 'en', pinHash: `plain:${pin}`, address: undefined }),
    );
    const memberId = added.member_id;
    await host.must('earn', async (tx) => {
      for (let lot = 0; lot < LOTS; lot += 1) {
        await ledger.earn(tx, {
          memberId,
          issuer: null,
          rule: 'seed',
          points: isPoor(index) ? POOR_POINTS : POINTS_EACH,
          expiresAt: null,
          reason: 'seed',
        });
      }
      return ok(null);
    });
    const shown = await host.must('credential.show', (tx) => alliance.credentials.show(tx, memberId, false));
    const [row] = await server.foundation.database.db
      .selectFrom('credentials')
      .select('secret')
      .where('credential_id', '=', shown.credentialId)
      .execute();
    if (!row) throw new Error('a credential that was shown is stored');
    people.push({ isPoor: isPoor(index), memberId, pin, credentialId: shown.credentialId, secret: row.secret });
  }
  const points = people.reduce((sum, { isPoor }) => sum + LOTS * (isPoor ? POOR_POINTS : POINTS_EACH), 0);
  return { rewards, members: people, points };
}
