import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { EnrolmentCodesTable, KiosksTable } from '../../platform/database/schema/kiosks.ts';
import { statement } from '../../platform/database/statement.ts';

export type KioskRow = Selectable<KiosksTable>;

export const kioskById = statement((db, p: { kioskId: string }) =>
  db.selectFrom('kiosks').selectAll().where('kiosk_id', '=', p.kioskId),
);

export const insertKiosk = (db: Db, row: Insertable<KiosksTable>) => db.insertInto('kiosks').values(row).execute();

export const updateKiosk = (db: Db, kioskId: string, change: Updateable<KiosksTable>) =>
  db.updateTable('kiosks').set(change).where('kiosk_id', '=', kioskId).execute();

export const kiosksAfter = (db: Db, after: string, limit: number) =>
  db.selectFrom('kiosks').selectAll().where('kiosk_id', '>', after).orderBy('kiosk_id').limit(limit).execute();

export const raiseRevision = statement((db, p: { kioskId: string; planogramSteps: number }) =>
  db
    .updateTable('kiosks')
    .set((eb) => ({
      config_revision: eb('config_revision', '+', 1),
      planogram_version: eb('planogram_version', '+', p.planogramSteps),
    }))
    .where('kiosk_id', '=', p.kioskId),
);

/**
 * An enrolled kiosk, only on its newest connection; remembers its journal head if that is further than the one known.
 * In one statement, because every report of every kiosk begins with it.
 */
export const passWithHead = statement(
  (db, p: { kioskId: string; counter: number; epoch: string; seq: number; hash: string }) =>
    db
      .updateTable('kiosks')
      .set((eb) => {
        const further = eb.and([eb('journal_epoch', '=', p.epoch), eb('journal_seq', '<', p.seq)]);
        return {
          journal_seq: eb.case().when(further).then(p.seq).else(eb.ref('journal_seq')).end(),
          journal_hash: eb.case().when(further).then(p.hash).else(eb.ref('journal_hash')).end(),
        };
      })
      .where('kiosk_id', '=', p.kioskId)
      .where('state', '=', 'enrolled')
      .where('counter', '=', p.counter)
      .returningAll(),
);

export const saveStatus = statement((db, p: { kioskId: string; status: string; at: number }) =>
  db.updateTable('kiosks').set({ status: p.status, last_seen_at: p.at }).where('kiosk_id', '=', p.kioskId),
);

export const insertCode = (db: Db, row: Insertable<EnrolmentCodesTable>) =>
  db.insertInto('enrolment_codes').values(row).execute();

/** Uses a code up, if it is unused and not expired. */
export const useCode = (db: Db, codeHash: string, at: number) =>
  db
    .updateTable('enrolment_codes')
    .set({ used_at: at })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('kiosk_id')
    .executeTakeFirst();

/** A new code voids those before it. */
export const voidCodes = (db: Db, kioskId: string, at: number) =>
  db
    .updateTable('enrolment_codes')
    .set({ used_at: at })
    .where('kiosk_id', '=', kioskId)
    .where('used_at', 'is', null)
    .execute();

export const publicKeyInUse = (db: Db, publicKey: string) =>
  db.selectFrom('kiosks').select('kiosk_id').where('public_key', '=', publicKey).executeTakeFirst();
