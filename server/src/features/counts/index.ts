export { Counts } from './service.ts';
export { countRoutes } from './routes.ts';
