export { settlementActions } from './actions.ts';
export { Disputes } from './disputes.ts';
export { settlementJobs } from './jobs.ts';
export { settlementRoutes } from './routes.ts';
export { SettlementRuns } from './runs.ts';
export { settlement } from './states.ts';
