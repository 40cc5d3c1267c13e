export { Ledger } from './service.ts';
export { ledgerJobs } from './expiry.ts';
