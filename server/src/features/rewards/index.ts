export { rewardRoutes } from './routes.ts';
export { isOffered, Rewards, type Reward } from './service.ts';
