export { adminRoutes } from './routes.ts';
export { Admins, findAdmin, OPERATOR_ID } from './service.ts';
