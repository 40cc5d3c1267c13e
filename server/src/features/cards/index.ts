export { cardRoutes } from './routes.ts';
export { Cards } from './service.ts';
