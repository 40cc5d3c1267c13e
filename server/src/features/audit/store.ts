import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { AuditTable } from '../../platform/database/schema/platform.ts';

export type AuditRow = Selectable<AuditTable>;

/** Lines of the chain, newest first, from before a sequence number on. */
export const auditBefore = (
  db: Db,
  filter: { subject: string | undefined; before: number | undefined; limit: number },
): Promise<AuditRow[]> => {
  let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(filter.limit);
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  return query.execute();
};
