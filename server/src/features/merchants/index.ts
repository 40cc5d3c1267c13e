export { merchantRoutes } from './routes.ts';
export { expiryOf } from './expiry.ts';
export { findTerminal, Merchants } from './service.ts';
