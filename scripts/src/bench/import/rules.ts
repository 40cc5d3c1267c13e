import type { Server } from '@tessera/server/app';
import { must } from '../redemptions/fleet.ts';

type NewRule = Parameters<Server['alliance']['earning']['add']>[1];
type Definition = NewRule['definition'];

const base = { when: {}, caps: [], fundedBy: 'merchant', priority: 0 } as const;

/** Rules of the whole alliance, so that every sale asks every one of them. */
const definitions: readonly Definition[] = [
  { ...base, when: { products: ['tea'] }, gives: { kind: 'multiplier', percent: 200 } },
  { ...base, when: { window: { from: '17:00', to: '19:00' } }, gives: { kind: 'bonus', points: 5 }, cooldownHours: 24 },
  { ...base, when: { firstVisit: true }, gives: { kind: 'bonus', points: 50 }, fundedBy: 'operator' },
  { ...base, gives: { kind: 'limit' }, caps: [{ per: 'member_day', points: 100_000, beyond: 'truncate' }] },
];

export async function addRules(server: Server): Promise<void> {
  for (const [index, definition] of definitions.entries()) {
    const rule = { merchantId: null, name: `Rule ${String(index)}`, definition, endsAt: null };
    await must(server, 'rule', (tx) => server.alliance.earning.add(tx, rule));
  }
  // What is imported was sold before: the rules have been in force for long.
  await server.foundation.database.db.updateTable('earning_rules').set({ starts_at: 0 }).execute();
}
