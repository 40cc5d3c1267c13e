export { rewardRoutes } from './routes.ts';
export { isOffered, Rewards, type RewardChanged } from './service.ts';
