export { merchantRoutes } from './routes.ts';
export { findTerminal, Merchants } from './service.ts';
