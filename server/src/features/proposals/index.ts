export { defineAction, type Action } from './action.ts';
export { proposalRoutes } from './routes.ts';
export { Proposals, secondPerson } from './service.ts';
