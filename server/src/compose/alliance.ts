import { accrualRoutes, Accruals, countedSalesSince, Refunds } from '../features/accrual/index.ts';
import { adminRoutes, Admins } from '../features/admins/index.ts';
import { campaignRoutes, Campaigns } from '../features/campaigns/index.ts';
import { cardRoutes, Cards } from '../features/cards/index.ts';
import { worthOfPoints } from '../features/clearing/index.ts';
import { Earning, earningRoutes } from '../features/earning/index.ts';
import { exchangeFileRoutes, Imports, takers } from '../features/exchange-files/index.ts';
import { Credentials, Identity, identityRoutes } from '../features/identity/index.ts';
import type { Ledger } from '../features/ledger/index.ts';
import { applicationRoutes, Applications, memberRoutes, Members, pointsRoutes } from '../features/members/index.ts';
import { merchantRoutes, Merchants } from '../features/merchants/index.ts';
import { messageRoutes, Messages } from '../features/messages/index.ts';
import { paymentJobs, paymentRoutes, Payments } from '../features/payments/index.ts';
import { Rewards, rewardRoutes, type RewardChanged } from '../features/rewards/index.ts';
import { tierJobs, tierRoutes, Tiers } from '../features/tiers/index.ts';
import { createSecretCheck } from '../platform/crypto/decoy.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import type { Route } from '../platform/openapi/route.ts';
import { createThrottle } from '../platform/throttle/throttle.ts';
import type { Foundation } from './parts.ts';
import { throttleLimits } from './limits.ts';

/** The people's half of the server: staff, merchants, members, cards, accrual, rewards, messages. */
export interface Alliance {
  readonly members: Members;
  readonly merchants: Merchants;
  readonly cards: Cards;
  readonly credentials: Credentials;
  readonly identity: Identity;
  readonly tiers: Tiers;
  readonly earning: Earning;
  readonly accruals: Accruals;
  readonly payments: Payments;
  readonly campaigns: Campaigns;
  readonly rewards: Rewards;
  readonly messages: Messages;
  readonly routes: readonly Route[];
  readonly jobs: readonly Job[];
}

/** How long a counter may hold points before they are given back by themselves. */
const PAYMENT_HOLD_MS = 15 * 60_000;

/** @param rewardChanged tells the kiosks of a reward that they show */
export function composeAlliance(parts: Foundation, ledger: Ledger, rewardChanged: RewardChanged): Alliance {
  const { commands, hasher, scheduler } = parts;
  const { db } = parts.database;
  const secrets = createSecretCheck(hasher);
  const nowMs = (): number => parts.clock.nowMs();
  const throttle = (name: keyof typeof throttleLimits) => createThrottle(commands, throttleLimits[name]);

  const admins = new Admins({
    ...parts,
    db,
    secrets,
    addressThrottle: throttle('signInAddress'),
    loginThrottle: throttle('signInLogin'),
  });
  const merchants = new Merchants(parts);
  const members = new Members(parts);
  const applications = new Applications({ ...parts, members });
  const cards = new Cards({ ...parts, members });
  const credentials = new Credentials({ ...parts, members });
  const proof = { db, members, cards, credentials, secrets };
  const identity = new Identity({
    ...proof,
    placeThrottle: throttle('kiosk'),
    credentialThrottle: throttle('kioskCredential'),
  });
  const atCounter = new Identity({
    ...proof,
    placeThrottle: throttle('counter'),
    credentialThrottle: throttle('counterCredential'),
  });
  const tiers = new Tiers({ ...parts, members, sales: countedSalesSince });
  const refunds = new Refunds({ ...parts, ledger, members, tiers });
  const earning = new Earning({ ...parts, merchants, members, tiers });
  const accruals = new Accruals({ ...parts, members, merchants, credentials, ledger, earning, tiers });
  const imports = new Imports({ ...parts, takers: takers({ accruals, members }) });
  const campaigns = new Campaigns(parts);
  const rewards = new Rewards({ ...parts, merchants, campaigns, onChange: rewardChanged });
  const payments = new Payments({
    ...parts,
    ledger,
    merchants,
    worth: { worthOf: worthOfPoints },
    holdMs: PAYMENT_HOLD_MS,
  });
  const messages = new Messages({ ...parts, members });
  const routes = [
    ...adminRoutes({ admins, hasher, db }),
    ...merchantRoutes(merchants, db),
    ...applicationRoutes({ applications, hasher, throttle: throttle('application') }),
    ...memberRoutes({ members, hasher, db }),
    ...pointsRoutes({ members, ledger, db }),
    ...identityRoutes(credentials, commands),
    ...cardRoutes(cards, db),
    ...earningRoutes(earning, db),
    ...tierRoutes({ tiers, members, identity: atCounter, db, nowMs }),
    ...accrualRoutes({ accruals, refunds, commands, db, nowMs }),
    ...paymentRoutes({ payments, identity: atCounter, db }),
    ...campaignRoutes(campaigns, db),
    ...exchangeFileRoutes(imports, db),
    ...rewardRoutes(rewards, db),
    ...messageRoutes(db),
  ];
  const jobs = paymentJobs(commands, payments).concat(tierJobs({ commands, db, scheduler, tiers, members, nowMs }));
  return {
    members,
    merchants,
    cards,
    credentials,
    identity,
    tiers,
    earning,
    accruals,
    payments,
    campaigns,
    rewards,
    messages,
    routes,
    jobs,
  };
}
