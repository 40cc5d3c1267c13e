export type { CountedSale } from './counting.ts';
export { tierJobs } from './jobs.ts';
export { tierRoutes } from './routes.ts';
export { tierCode } from './schemas.ts';
export { Tiers } from './service.ts';
