export { checkBooks, type CheckReport } from './check.ts';
export { checkRoutes } from './routes.ts';
