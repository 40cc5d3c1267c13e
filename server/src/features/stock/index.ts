export { Stock, type SlotRow } from './service.ts';
export { stockRoutes } from './routes.ts';
