export { Imports } from './imports.ts';
export { takers } from './kinds.ts';
export { exchangeFileRoutes } from './routes.ts';
