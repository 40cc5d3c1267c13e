export { checkBooks } from './check.ts';
export { checkRoutes } from './routes.ts';
