import type { CommandSpec } from '../command.ts';
import { accrualRefund, accrualShow } from './accrual.ts';
import { adminCreate } from './admin.ts';
import { backup, restore } from './backup.ts';
import { campaignAdd, campaignChange, campaignList, campaignShow } from './campaign.ts';
import { cardIssue } from './card.ts';
import { check } from './check.ts';
import { demoSeed } from './demo.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { kioskEnrolCode, kioskList, kioskRevoke } from './kiosk.ts';
import { memberAdd } from './member.ts';
import { merchantAdd } from './merchant.ts';
import { moneyCommands } from './money/index.ts';
import { paymentCapture, paymentHold, paymentList, paymentRefund, paymentShow, paymentVoid } from './payment.ts';
import { pointsAdjust, pointsTransfer } from './points-change.ts';
import { pointsExplain, pointsHistory, pointsLots } from './points.ts';
import { redemptionsList, redemptionsShow } from './redemptions.ts';
import { redemptionsResolve } from './resolve.ts';
import { replay } from './replay.ts';
import { migrateToPostgres } from './migrate-to-postgres.ts';
import { rewardAdd } from './reward.ts';
import { rulesAdd, rulesChange, rulesEnd, rulesList, rulesShow, rulesTry } from './rules.ts';
import { serveCommand, type Serve } from './serve.ts';
import { stockCount, stockLoad } from './stock.ts';
import { tierLadder, tierSet, tierShow } from './tier.ts';

/** Every command, in the order of `tessera --help`. */
export const allCommands = (serve: Serve): readonly CommandSpec[] => [
  serveCommand(serve),
  adminCreate,
  merchantAdd,
  memberAdd,
  cardIssue,
  rewardAdd,
  campaignList,
  campaignShow,
  campaignAdd,
  campaignChange,
  kioskEnrolCode,
  kioskList,
  kioskRevoke,
  stockLoad,
  stockCount,
  redemptionsList,
  redemptionsShow,
  redemptionsResolve,
  rulesList,
  rulesShow,
  rulesAdd,
  rulesChange,
  rulesEnd,
  rulesTry,
  tierLadder,
  tierSet,
  tierShow,
  accrualShow,
  accrualRefund,
  paymentList,
  paymentShow,
  paymentHold,
  paymentCapture,
  paymentVoid,
  paymentRefund,
  importCommand,
  exportCommand,
  ...moneyCommands,
  pointsHistory,
  pointsLots,
  pointsExplain,
  pointsTransfer,
  pointsAdjust,
  check,
  replay,
  demoSeed,
  backup,
  restore,
  migrateToPostgres,
];
