import type * as z from 'zod';
import { readDefinition, type ruleView } from './schemas.ts';
import type { RuleRow } from './store.ts';

export const viewRule = (row: RuleRow): z.output<typeof ruleView> => ({
  ruleId: row.rule_id,
  version: row.version,
  merchantId: row.merchant_id,
  name: row.name,
  definition: readDefinition(row.definition),
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  createdAt: row.created_at,
  createdBy: row.created_by,
});
