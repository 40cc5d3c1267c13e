export { adminRoutes } from './routes.ts';
export { Admins, findAdmin } from './service.ts';
