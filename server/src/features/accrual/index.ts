export { accrualRoutes } from './routes.ts';
export { Accruals } from './service.ts';
