import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { EarningRulesTable } from '../../platform/database/schema/earning.ts';
import { statement } from '../../platform/database/statement.ts';

export type RuleRow = Selectable<EarningRulesTable>;

/** Adds a version; false where somebody else has added the same one first. */
export async function insertVersion(db: Db, row: Insertable<EarningRulesTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('earning_rules')
    .values(row)
    .onConflict((conflict) => conflict.columns(['rule_id', 'version']).doNothing())
    .returning('version')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Every version of a rule, the newest first. */
export const versionsOf = (db: Db, ruleId: string) =>
  db.selectFrom('earning_rules').selectAll().where('rule_id', '=', ruleId).orderBy('version', 'desc').execute();

/** Every version of every rule that a merchant's sales may meet. */
export const versionsFor = (db: Db, merchantId: string) =>
  db
    .selectFrom('earning_rules')
    .selectAll()
    .where((eb) => eb.or([eb('merchant_id', '=', merchantId), eb('merchant_id', 'is', null)]))
    .execute();

/** One more than `limit` rules after an id, each by its newest version; of one merchant and the alliance where one is named. */
export function listRules(db: Db, page: { limit: number; after?: string; merchantId?: string | undefined }) {
  const { merchantId, after } = page;
  let query = db
    .selectFrom('earning_rules as rule')
    .selectAll()
    .where('version', '=', (eb) =>
      eb
        .selectFrom('earning_rules as other')
        .select((inner) => inner.fn.max<number>('other.version').as('newest'))
        .whereRef('other.rule_id', '=', 'rule.rule_id'),
    )
    .orderBy('rule_id')
    .limit(page.limit + 1);
  if (after !== undefined) query = query.where('rule_id', '>', after);
  if (merchantId !== undefined) {
    query = query.where((eb) => eb.or([eb('merchant_id', '=', merchantId), eb('merchant_id', 'is', null)]));
  }
  return query.execute();
}

export const counterOf = statement((db, p: { memberId: string; ruleId: string; span: string }) =>
  db
    .selectFrom('earning_counters')
    .select(['points', 'times', 'last_at'])
    .where('member_id', '=', p.memberId)
    .where('rule_id', '=', p.ruleId)
    .where('span', '=', p.span),
);

export const budgetOf = statement((db, p: { ruleId: string }) =>
  db.selectFrom('earning_budgets').select(['points', 'times', 'last_at']).where('rule_id', '=', p.ruleId),
);

interface Taken {
  readonly ruleId: string;
  readonly points: number;
  readonly mostPoints: number;
  readonly mostTimes: number;
  readonly at: number;
}

/** Counts a rule that fired for a member, only within its limits; no row where they would not hold any more. */
export const takeOfCounter = statement((db, p: Taken & { memberId: string; span: string; quietSince: number }) =>
  db
    .insertInto('earning_counters')
    .values({
      member_id: p.memberId,
      rule_id: p.ruleId,
      span: p.span,
      points: p.points,
      times: 1,
      last_at: p.at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['member_id', 'rule_id', 'span'])
        .doUpdateSet((eb) => ({
          points: eb('earning_counters.points', '+', eb.ref('excluded.points')),
          times: eb('earning_counters.times', '+', 1),
          last_at: eb
            .case()
            .when('excluded.last_at', '>', eb.ref('earning_counters.last_at'))
            .then(eb.ref('excluded.last_at'))
            .else(eb.ref('earning_counters.last_at'))
            .end(),
        }))
        .where((eb) => eb(eb('earning_counters.points', '+', p.points), '<=', p.mostPoints))
        .where('earning_counters.times', '<', p.mostTimes)
        .where('earning_counters.last_at', '<=', p.quietSince),
    )
    .returning('times'),
);

/** The same for what a rule gives to everybody. */
export const takeOfBudget = statement((db, p: Taken) =>
  db
    .insertInto('earning_budgets')
    .values({ rule_id: p.ruleId, points: p.points, times: 1, last_at: p.at })
    .onConflict((conflict) =>
      conflict
        .column('rule_id')
        .doUpdateSet((eb) => ({
          points: eb('earning_budgets.points', '+', eb.ref('excluded.points')),
          times: eb('earning_budgets.times', '+', 1),
          last_at: p.at,
        }))
        .where((eb) => eb(eb('earning_budgets.points', '+', p.points), '<=', p.mostPoints))
        .where('earning_budgets.times', '<', p.mostTimes),
    )
    .returning('times'),
);
