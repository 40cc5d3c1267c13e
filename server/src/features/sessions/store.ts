import type { Selectable } from 'kysely';
import type { KioskSessionsTable } from '../../platform/database/schema/redemptions.ts';
import { statement } from '../../platform/database/statement.ts';

export type SessionRow = Selectable<KioskSessionsTable>;

export const insertSession = statement((db, p: SessionRow) =>
  db.insertInto('kiosk_sessions').values({
    session_id: p.session_id,
    kiosk_id: p.kiosk_id,
    member_id: p.member_id,
    method: p.method,
    card_number: p.card_number,
    credential_id: p.credential_id,
    credential_step: p.credential_step,
    opened_at: p.opened_at,
    expires_at: p.expires_at,
    ended_at: p.ended_at,
  }),
);

export const sessionById = statement((db, p: { sessionId: string }) =>
  db.selectFrom('kiosk_sessions').selectAll().where('session_id', '=', p.sessionId),
);

/** A kiosk serves one person at a time: the newest session is the only one that may be open. */
export const endOpenSessions = statement((db, p: { kioskId: string; at: number }) =>
  db
    .updateTable('kiosk_sessions')
    .set({ ended_at: p.at })
    .where('kiosk_id', '=', p.kioskId)
    .where('ended_at', 'is', null),
);

export const endSession = statement((db, p: { sessionId: string; kioskId: string; at: number }) =>
  db
    .updateTable('kiosk_sessions')
    .set({ ended_at: p.at })
    .where('session_id', '=', p.sessionId)
    .where('kiosk_id', '=', p.kioskId)
    .where('ended_at', 'is', null),
);

export const sessionOpenedWith = statement(
  (db, p: { kioskId: string; credentialId: string; step: number; since: number }) =>
    db
      .selectFrom('kiosk_sessions')
      .selectAll()
      .where('kiosk_id', '=', p.kioskId)
      .where('ended_at', 'is', null)
      .where('credential_id', '=', p.credentialId)
      .where('credential_step', '=', p.step)
      .where('opened_at', '>=', p.since),
);
