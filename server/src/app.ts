import type { Server as HttpServer } from 'node:http';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { composeAlliance, type Alliance } from './compose/alliance.ts';
import { deliveries } from './compose/deliveries.ts';
import { registerGauges } from './compose/gauges.ts';
import { housekeepingJobs } from './compose/housekeeping.ts';
import { httpLimits } from './compose/limits.ts';
import { composeFleet, composeMainJob, type Fleet, type MainJob } from './compose/main-job.ts';
import { composeMoney, type Money } from './compose/money.ts';
import type { Foundation, World } from './compose/parts.ts';
import { findAdmin } from './features/admins/index.ts';
import { auditRoutes } from './features/audit/index.ts';
import { checkRoutes } from './features/check/index.ts';
import { Clearing } from './features/clearing/index.ts';
import { demoPage } from './features/identity/index.ts';
import { Ledger } from './features/ledger/index.ts';
import { attachKioskSockets } from './features/link/index.ts';
import { findTerminal } from './features/merchants/index.ts';
import { Audit } from './platform/audit/audit.ts';
import { sealAudit } from './platform/audit/chain.ts';
import { createAuthenticator } from './platform/auth/token-store.ts';
import { Commands } from './platform/commands/commands.ts';
import { openDatabase as openByAddress, type Database } from './platform/database/database.ts';
import { ledgerEpochOf } from './platform/database/ledger-epoch.ts';
import { createHttpApp, type HttpLimits } from './platform/http/app.ts';
import { adminPage, documentPages, healthPages, metricsPage } from './platform/http/pages.ts';
import { Idempotency } from './platform/idempotency/idempotency.ts';
import { Jobs, type Job } from './platform/jobs/jobs.ts';
import { Leases } from './platform/jobs/lease.ts';
import { callJobsElsewhere } from './platform/jobs/wake-up.ts';
import { migrate } from './platform/migrations/migrate.ts';
import { loadServerKeys } from './platform/signing/server-keys.ts';
import { defaultTimeouts, type Timeouts } from './platform/timeouts.ts';

export interface ServerOptions extends World {
  /** A file of SQLite, `:memory:`, or `postgres://…`. */
  readonly databaseAddress: string;
  /** Opens it; the simulation has a way of its own, in which a dead server's last statements do nothing. */
  readonly openDatabase?: (address: string) => Database;
  /** Durations that differ from the usual ones. */
  readonly timeouts?: Partial<Timeouts>;
}

/** What the HTTP face needs besides the server. */
export interface FaceOptions {
  readonly logger: Logger;
  /** Web origins besides our own that may ask. */
  readonly allowedOrigins: readonly string[];
  /** Opens the doors that only a demo may have. */
  readonly demo: boolean;
  /** The built operations page; absent where there is none. */
  readonly adminDirectory?: string;
  /** Proxies in front of us whose word on a caller's address counts. */
  readonly trustedProxies: number;
  /** Limits that differ from the usual ones. */
  readonly limits?: Partial<HttpLimits>;
  /** The tokens of the house's design, as CSS. */
  readonly tokensCss: string;
}

/** A server without a network: services to call, jobs to start, faces to attach. */
export interface Server {
  readonly foundation: Foundation;
  readonly alliance: Alliance;
  readonly ledger: Ledger;
  readonly fleet: Fleet;
  readonly mainJob: MainJob;
  readonly money: Money;
  /** All that comes back by itself; `start` plans it. Whoever has a time of their own runs it at its turns instead. */
  readonly jobs: readonly Job[];
  /** Builds the HTTP face. */
  http(face: FaceOptions): Express;
  /** Opens the kiosks' door on a network server. */
  attachSockets(http: HttpServer): void;
  /** Starts jobs and deliveries. */
  start(): void;
  /** Ends what would keep a closing network server open: the kiosks' connections. */
  disconnect(): void;
  /** Stops jobs, waits for the work at hand and closes the database. */
  close(): Promise<void>;
}

/** Builds the whole server from what it is given; touches nothing but its database. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const foundation = await layFoundation(options);
  const { database, commands, clock, metrics } = foundation;
  const ledger = new Ledger(options.chance, new Clearing());
  const fleet = composeFleet(foundation);
  const alliance = composeAlliance(foundation, ledger, (tx, rewardId) => fleet.stock.rewardChanged(tx, rewardId));
  const keys = await loadServerKeys(database.db, clock, options.chance);
  const mainJob = composeMainJob({
    foundation,
    fleet,
    alliance,
    ledger,
    keys,
    ledgerEpoch: await ledgerEpochOf(database.db, clock, options.chance),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
  });
  const money = composeMoney(foundation, keys);
  const routes = [
    ...alliance.routes,
    ...mainJob.routes,
    ...money.routes,
    ...checkRoutes(database.db, clock),
    ...auditRoutes(database.db),
  ];
  const list = [
    ...mainJob.jobs,
    ...money.jobs,
    ...alliance.jobs,
    ...deliveries(foundation, alliance.messages),
    ...housekeepingJobs(commands),
  ];
  const jobs = hireJobs(foundation, list);
  registerGauges(metrics, database.db, commands);
  let endSockets = (): void => undefined;

  return {
    foundation,
    alliance,
    ledger,
    fleet,
    mainJob,
    money,
    jobs: list,
    http: (face) =>
      createHttpApp({
        ...foundation,
        ...face,
        routes,
        pages: [
          healthPages(() => isReady(foundation), face.demo),
          metricsPage(metrics),
          documentPages(routes, face.tokensCss),
          ...(face.adminDirectory === undefined ? [] : [adminPage(face.adminDirectory)]),
          ...(face.demo ? [demoPage(alliance.credentials, commands)] : []),
        ],
        authenticator: createAuthenticator({
          db: database.db,
          clock,
          find: { admin: findAdmin, terminal: findTerminal },
        }),
        idempotency: new Idempotency(commands, options.chance, database.neighbours),
        limits: { ...httpLimits, ...face.limits },
      }),
    attachSockets: (http) => {
      endSockets = attachKioskSockets(http, mainJob.gateway, foundation.failpoints);
    },
    start: () => {
      jobs.start();
    },
    disconnect: () => {
      mainJob.gateway.close();
      endSockets();
    },
    close: async () => {
      await jobs.stop();
      await commands.close();
      await database.close();
    },
  };
}

/** Jobs that run in one process at a time, and are woken by commands of any. */
function hireJobs({ database, commands, clock, chance, scheduler, log }: Foundation, list: readonly Job[]): Jobs {
  const owner = `server-${Buffer.from(chance.bytes(8)).toString('hex')}`;
  const onFailure = (job: string, cause: unknown): void => {
    log.event('job.failed', { job, cause: String(cause) });
  };
  const called = (job: string): void => {
    jobs.called(job);
  };
  const elsewhere = callJobsElsewhere({ database, scheduler, called, onFailure });
  const jobs = new Jobs({ leases: new Leases(database.db, clock, owner), scheduler, onFailure, elsewhere }, list);
  commands.onWake((job) => {
    jobs.wake(job);
  });
  return jobs;
}

async function layFoundation(options: ServerOptions): Promise<Foundation> {
  const { databaseAddress, openDatabase = openByAddress, timeouts: _, ...world } = options;
  const database = openDatabase(databaseAddress);
  await migrate(database.db);
  const batches = world.metrics.histogram('tessera_commit_seconds', 'Time of one group commit', COMMIT_SECONDS);
  const commands = new Commands({
    ...world,
    database,
    seal: sealAudit,
    observe: ({ tookMs }) => {
      batches(tookMs / 1000);
    },
  });
  return { ...world, database, commands, audit: new Audit(world.chance) };
}

const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

/** Ready means that the database answers; a queue that is full answers `overloaded` by itself. */
async function isReady({ database }: Foundation): Promise<boolean> {
  try {
    await database.db.selectFrom('meta').select('key').limit(1).execute();
    return true;
  } catch {
    return false;
  }
}
