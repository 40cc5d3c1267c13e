import type { Db } from './port.ts';
import { statement } from './statement.ts';

const REVISION = 'earning_revision';

/** Changes whenever a rule does by which sales are decided: earning rules, tiers. On the path of every accrual. No row before the first. */
export const ruleRevision = statement((db, _: object) =>
  db.selectFrom('meta').select('value').where('key', '=', REVISION),
);

/** Says that a rule has changed. @param value one that was never used before */
export const setRuleRevision = (db: Db, value: string) =>
  db
    .insertInto('meta')
    .values({ key: REVISION, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
