export { Ledger, type Balances, type EarnRequest } from './service.ts';
export { ledgerJobs } from './expiry.ts';
