import type { Server } from '@tessera/server/app';
import { must } from '../redemptions/fleet.ts';

/** A till with its token. */
export type BenchTill = { readonly token: string };

/** Merchants with tills, and members who buy. */
export type BenchMarket = {
  /** One till each at a merchant of its own. */
  readonly spread: readonly BenchTill[];
  /** As many tills of one merchant. */
  readonly hot: readonly BenchTill[];
  readonly merchantIds: readonly string[];
  readonly memberIds: readonly string[];
};

const rate = { points: 1, perMinor: 100 };

/** Founds an alliance in which everybody sells and nobody redeems. */
export async function foundMarket(server: Server, tills: number, members: number): Promise<BenchMarket> {
  const { merchants } = server.alliance;
  const words = { zh: '食品', en: 'Food', ar: 'طعام' };
  const industry = await must(server, 'industry', (tx) => merchants.addIndustry(tx, words));
  const open = (name: string) => openMerchant(server, name, industry.industry_id);
  const merchantIds: string[] = [];
  for (let index = 0; index <= tills; index += 1) merchantIds.push(await open(`Merchant ${String(index)}`));
  const [hotId = '', ...spreadIds] = merchantIds;
  const spread: BenchTill[] = [];
  const hot: BenchTill[] = [];
  for (const id of spreadIds) {
    spread.push(await addTill(server, id));
    hot.push(await addTill(server, hotId));
  }
  return { spread, hot, merchantIds, memberIds: await addMembers(server, members) };
}

async function openMerchant(server: Server, name: string, industryId: string): Promise<string> {
  const { merchants } = server.alliance;
  const about = { name, industryId, terms: '', currency: 'EUR', rate, timeZone: 'Europe/Berlin' };
  const added = await must(server, 'merchant', (tx) =>
    merchants.apply(tx, { ...about, pointsValidDays: 730, pointsExpiry: null }),
  );
  for (const state of ['signed', 'active'] as const) {
    await must(server, 'merchant.move', (tx) => merchants.move(tx, added.merchant_id, state));
  }
  return added.merchant_id;
}

const addTill = (server: Server, merchantId: string): Promise<BenchTill> =>
  must(server, 'till', (tx) =>
    server.alliance.merchants.addTerminal(tx, merchantId, { name: 'Till', branchId: undefined }),
  );

async function addMembers(server: Server, count: number): Promise<string[]> {
  const ids: string[] = [];
  const AT_ONCE = 500;
  while (ids.length < count) {
    const wave = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, (_, index) => ids.length + index);
    const added = await Promise.all(
      wave.map((index) =>
        must(server, 'member', (tx) =>
          server.alliance.members.add(tx, {
            name: `Member ${String(index)}`,
            language: 'en',
            pinHash: null,
            address: undefined,
          }),
        ),
      ),
    );
    ids.push(...added.map((row) => row.member_id));
  }
  return ids;
}
