export { campaignRoutes } from './routes.ts';
export { Campaigns } from './service.ts';
