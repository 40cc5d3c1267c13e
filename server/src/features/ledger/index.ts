export {
  noClearing,
  type BurnPart,
  type Burnt,
  type ClawedBack,
  type ClearingPort,
  type HandedOn,
  type Issued,
  type LotMoved,
  type Restored,
} from './clearing-port.ts';
export { replayPoints, type ReplayReport } from './replay.ts';
export type { Burn, LotView } from './reading.ts';
export { Ledger } from './service.ts';
export { ledgerJobs } from './jobs.ts';
export { lifeOf, type ExpiryRule } from './expiry-rule.ts';
