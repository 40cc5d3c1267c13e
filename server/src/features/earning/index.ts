export { earningRoutes } from './routes.ts';
export { decisionView, definitionField } from './schemas.ts';
export { Earning, type DecidedSale } from './service.ts';
export { qualifyingPoints } from './rules/qualifying.ts';
export type { Pending, RuleVersion } from './rules/rule.ts';
export type { Sale } from './rules/sale.ts';
