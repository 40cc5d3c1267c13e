export { checkBooks, type Checked, type CheckReport } from './check.ts';
export { checkRoutes } from './routes.ts';
