export { rewardRoutes } from './routes.ts';
export { isOffered, Rewards, type Reward, type RewardChanged } from './service.ts';
