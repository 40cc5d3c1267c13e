import type { Ledger } from '../features/ledger/index.ts';
import { Counts, countRoutes } from '../features/counts/index.ts';
import { Kiosks, kioskRoutes, KioskSignals } from '../features/kiosks/index.ts';
import { ledgerJobs } from '../features/ledger/index.ts';
import { KioskConfigs, KioskGateway, type LinkServices } from '../features/link/index.ts';
import { pickupJobs, pickupRoutes, Pickups } from '../features/pickups/index.ts';
import { pointRoutes } from '../features/points/index.ts';
import {
  Authoriser,
  Bookkeeper,
  Corrections,
  Effects,
  Reconciler,
  redemptionJobs,
  redemptionRoutes,
  Redemptions,
  Replayer,
  Reports,
  Resolutions,
} from '../features/redemptions/index.ts';
import { Sessions } from '../features/sessions/index.ts';
import { Stock, stockRoutes } from '../features/stock/index.ts';
import type { Db } from '../platform/database/database.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import type { Route } from '../platform/openapi/route.ts';
import type { ServerKeys } from '../platform/signing/server-keys.ts';
import { createThrottle } from '../platform/throttle/throttle.ts';
import type { Timeouts } from '../platform/timeouts.ts';
import type { Alliance } from './alliance.ts';
import { throttleLimits } from './limits.ts';
import type { Foundation } from './parts.ts';

/** Kiosks and what stands in them: needed by the alliance half, which tells of changed rewards. */
export interface Fleet {
  readonly signals: KioskSignals;
  readonly kiosks: Kiosks;
  readonly stock: Stock;
}

export function composeFleet({ audit, chance, database }: Foundation): Fleet {
  const signals = new KioskSignals(database.neighbours);
  const kiosks = new Kiosks({ chance, audit, signals });
  return { signals, kiosks, stock: new Stock(kiosks, audit) };
}

/** The main job: redemptions, orders, counts, and the kiosks' door. */
export interface MainJob {
  readonly gateway: KioskGateway;
  readonly pickups: Pickups;
  readonly redemptions: Redemptions;
  readonly resolutions: Resolutions;
  readonly counts: Counts;
  readonly routes: readonly Route[];
  readonly jobs: readonly Job[];
}

export interface MainJobParts {
  readonly foundation: Foundation;
  readonly fleet: Fleet;
  readonly alliance: Alliance;
  readonly ledger: Ledger;
  readonly keys: ServerKeys;
  readonly ledgerEpoch: string;
  readonly timeouts: Timeouts;
}

export function composeMainJob(parts: MainJobParts): MainJob {
  const { foundation, fleet, alliance, ledger, keys, timeouts } = parts;
  const { database, commands, clock, chance, audit } = foundation;
  const { kiosks, stock } = fleet;
  const { members, cards, rewards, campaigns } = alliance;
  const { db } = database;
  const nowMs = () => clock.nowMs();

  const effects = new Effects({ ledger, stock, kiosks, rewards, campaigns });
  const bookkeeper = new Bookkeeper({ effects, audit, chance, timeouts });
  const redemptions = new Redemptions(bookkeeper);
  const corrections = new Corrections({ ledger, stock, bookkeeper, rewards, campaigns });
  const resolutions = new Resolutions({ bookkeeper, corrections, audit, chance });
  const sessions = new Sessions(chance, timeouts);
  const shared = {
    bookkeeper,
    ledger,
    sessions,
    stock,
    members,
    cards,
    rewards,
    keys,
    timeouts,
    kiosks,
    audit,
    chance,
  };
  const pickups = new Pickups({ ...shared, redemptions });
  const counts = new Counts(stock, redemptions, chance);
  const link: LinkServices = {
    ...foundation,
    ...shared,
    signals: fleet.signals,
    ledgerEpoch: parts.ledgerEpoch,
    identity: alliance.identity,
    redemptions,
    pickups,
    configs: new KioskConfigs({ stock, rewards, pickups, keys, help: foundation.help }),
    authoriser: new Authoriser(shared),
    reports: new Reports(bookkeeper, stock, ledger),
    reconciler: new Reconciler(bookkeeper, parts.ledgerEpoch),
    replayer: new Replayer(shared),
  };
  const gateway = new KioskGateway(link);
  return {
    gateway,
    pickups,
    redemptions,
    resolutions,
    counts,
    routes: [
      ...kioskRoutes({
        kiosks,
        db,
        isOnline: (kioskId) => gateway.isOnline(kioskId),
        addSlots: (tx, kioskId, count) => stock.addSlots(tx, kioskId, count),
        serverKeys: keys.published,
        throttle: createThrottle(commands, throttleLimits.enrolment),
      }),
      ...stockRoutes(stock, db),
      ...countRoutes(counts),
      ...redemptionRoutes({ redemptions, resolutions, db }),
      ...pickupRoutes({ pickups, db, nowMs }),
      ...pointRoutes({ ...foundation, ...alliance, db, ledger, ownerOf: ownerOf(redemptions, alliance.payments) }),
    ],
    jobs: [
      ...redemptionJobs({ commands, db, bookkeeper, nowMs, timeouts }),
      ...pickupJobs({ commands, db, pickups, nowMs }),
      ...ledgerJobs(commands, ledger, timeouts.expiryWarningMs),
    ],
  };
}

/** Whose redemption or payment an id is. */
const ownerOf =
  (redemptions: Redemptions, payments: Alliance['payments']) =>
  async (db: Db, burnId: string): Promise<string | undefined> =>
    (await redemptions.find(db, burnId))?.member_id ?? (await payments.find(db, burnId))?.member_id;
