export {
  noClearing,
  type BurnPart,
  type Burnt,
  type ClawedBack,
  type ClearingPort,
  type LotMoved,
} from './clearing-port.ts';
export { Ledger } from './service.ts';
export { ledgerJobs } from './expiry.ts';
