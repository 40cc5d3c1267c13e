export { paymentJobs } from './jobs.ts';
export { paymentRoutes } from './routes.ts';
export { Payments } from './service.ts';
