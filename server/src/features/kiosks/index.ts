export { Kiosks, notServed, type KioskRow } from './service.ts';
export { KioskSignals, type KioskListener } from './signals.ts';
export { kioskRoutes } from './routes.ts';
