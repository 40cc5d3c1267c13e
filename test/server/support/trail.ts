import type { Machine } from './machine.ts';

/** The last `count` lines of the audit, oldest first: what was done, to what, and its facts. */
export async function auditTrail(machine: Machine, count: number): Promise<[string, string, unknown][]> {
  const rows = await machine.server.foundation.database.db
    .selectFrom('audit')
    .select(['action', 'subject', 'facts'])
    .orderBy('seq', 'desc')
    .limit(count)
    .execute();
  return rows.reverse().map(({ action, subject, facts }) => [action, subject, JSON.parse(facts) as unknown]);
}
