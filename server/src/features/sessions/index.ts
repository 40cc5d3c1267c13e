export { Sessions, type SessionRow } from './service.ts';
