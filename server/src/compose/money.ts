import { clearingActions, clearingJobs, clearingRoutes } from '../features/clearing/index.ts';
import { proposalRoutes, Proposals } from '../features/proposals/index.ts';
import {
  Disputes,
  settlementActions,
  settlementJobs,
  settlementRoutes,
  SettlementRuns,
} from '../features/settlement/index.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import type { Route } from '../platform/openapi/route.ts';
import type { ServerKeys } from '../platform/signing/server-keys.ts';
import type { Foundation } from './parts.ts';

/** The alliance's money: clearing, settlement, and what of it takes two people. */
export interface Money {
  readonly runs: SettlementRuns;
  readonly routes: readonly Route[];
  readonly jobs: readonly Job[];
}

export function composeMoney({ database, commands, scheduler, audit, chance }: Foundation, keys: ServerKeys): Money {
  const { db } = database;
  const runs = new SettlementRuns({ audit, chance });
  const disputes = new Disputes({ runs, audit, chance });
  const parts = { db, runs, disputes, keys, scheduler, audit, chance, commands };
  const proposals = new Proposals({ audit, chance }, [...clearingActions(parts), ...settlementActions(parts)]);
  return {
    runs,
    routes: [...clearingRoutes(parts), ...settlementRoutes(parts), ...proposalRoutes(proposals, db)],
    jobs: [...clearingJobs(parts), ...settlementJobs(parts)],
  };
}
