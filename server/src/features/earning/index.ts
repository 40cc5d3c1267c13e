export { earningRoutes } from './routes.ts';
export { decisionView, definitionField } from './schemas.ts';
export { Earning } from './service.ts';
export type { Decided } from './rules/decide.ts';
export type { Pending, RuleVersion } from './rules/rule.ts';
export type { Sale } from './rules/sale.ts';
