import { rewrites } from '../simulated-database.ts';
import type { Plant } from './plant.ts';

/** Changes every statement that has a piece of text. */
const inStatements = (piece: string, by: string) => () => {
  const rewrite = (text: string): string => text.replace(piece, by);
  rewrites.add(rewrite);
  return () => {
    rewrites.delete(rewrite);
  };
};

/** SQL that has lost its condition. */
export const statementPlants: readonly Plant[] = [
  {
    name: 'session-survives-logout',
    about: 'A session that its member has ended still authorises.',
    plant: inStatements(
      'update "kiosk_sessions" set "ended_at" = ? where "session_id"',
      'update "kiosk_sessions" set "ended_at" = ? where 1 = 0 and "session_id"',
    ),
  },
  {
    name: 'idempotency-ignored',
    about: 'The stored answer of a key is never found: its command runs again.',
    plant: inStatements('from "idempotency" where', 'from "idempotency" where 1 = 0 and'),
  },
  {
    name: 'audit-chain-broken',
    about: 'Lines of the audit are chained to something else than the line before.',
    plant: inStatements('select "seq", "hash" from "audit"', `select "seq", 'nothing' as "hash" from "audit"`),
  },
];
