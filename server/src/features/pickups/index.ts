export { Pickups } from './service.ts';
export { pickupJobs } from './expiry.ts';
export { pickupRoutes } from './routes.ts';
