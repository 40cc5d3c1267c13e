export { messageRoutes } from './routes.ts';
export { Messages } from './service.ts';
