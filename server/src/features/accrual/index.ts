export { accrualRoutes } from './routes.ts';
export { Accruals } from './service.ts';
export { Refunds } from './refunds.ts';
export { accrueBody } from './schemas.ts';
export { countedSalesSince } from './counted-sales.ts';
