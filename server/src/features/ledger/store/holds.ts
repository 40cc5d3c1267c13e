import type { Selectable } from 'kysely';
import type { HoldLotsTable, HoldsTable } from '../../../platform/database/schema/ledger.ts';
import { statement } from '../../../platform/database/statement.ts';

export type HoldRow = Selectable<HoldsTable>;
type HoldLotRow = Selectable<HoldLotsTable>;

interface HoldKey {
  readonly memberId: string;
  readonly holdId: string;
}

export const holdById = statement((db, p: HoldKey) =>
  db.selectFrom('holds').selectAll().where('member_id', '=', p.memberId).where('hold_id', '=', p.holdId),
);

export const insertHold = statement((db, p: HoldRow) =>
  db.insertInto('holds').values({
    member_id: p.member_id,
    hold_id: p.hold_id,
    purpose: p.purpose,
    beneficiary: p.beneficiary,
    points: p.points,
    owed: p.owed,
    captured: p.captured,
    returned: p.returned,
    state: p.state,
    created_at: p.created_at,
  }),
);

type HoldStep = HoldKey & Pick<HoldRow, 'state' | 'owed' | 'captured' | 'returned'>;

/** Writes what may change, only if the hold is still in the state that was read. */
export const updateHold = statement((db, p: HoldStep & { from: HoldRow['state'] }) =>
  db
    .updateTable('holds')
    .set({ state: p.state, owed: p.owed, captured: p.captured, returned: p.returned })
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .where('state', '=', p.from)
    .returning('hold_id'),
);

/** Captures all of an open hold; no row where it is not open. */
export const captureWhole = statement((db, p: HoldKey) =>
  db
    .updateTable('holds')
    .set((eb) => ({ state: 'captured' as const, captured: eb.ref('points') }))
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .where('state', '=', 'open')
    .returningAll(),
);

export const insertHoldLot = statement((db, p: HoldLotRow) =>
  db.insertInto('hold_lots').values({
    member_id: p.member_id,
    hold_id: p.hold_id,
    line: p.line,
    lot_id: p.lot_id,
    points: p.points,
    returned: p.returned,
  }),
);

/** The lots of a hold in the order of burning, each with who issued it. */
export const lotsOfHold = statement((db, p: HoldKey) =>
  db
    .selectFrom('hold_lots')
    .innerJoin('point_lots', (join) =>
      join
        .onRef('point_lots.member_id', '=', 'hold_lots.member_id')
        .onRef('point_lots.lot_id', '=', 'hold_lots.lot_id'),
    )
    .select([
      'hold_lots.line',
      'hold_lots.lot_id as lotId',
      'hold_lots.points',
      'hold_lots.returned',
      'point_lots.issuer',
    ])
    .where('hold_lots.member_id', '=', p.memberId)
    .where('hold_lots.hold_id', '=', p.holdId)
    .orderBy('hold_lots.line'),
);

export const shrinkHoldLot = statement((db, p: HoldKey & { line: number; points: number }) =>
  db
    .updateTable('hold_lots')
    .set({ points: p.points })
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .where('line', '=', p.line),
);

export const returnHoldLot = statement((db, p: HoldKey & { line: number; points: number }) =>
  db
    .updateTable('hold_lots')
    .set((eb) => ({ returned: eb('returned', '+', p.points) }))
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .where('line', '=', p.line),
);

export const removeHoldLot = statement((db, p: HoldKey & { line: number }) =>
  db
    .deleteFrom('hold_lots')
    .where('member_id', '=', p.memberId)
    .where('hold_id', '=', p.holdId)
    .where('line', '=', p.line),
);

export const removeHoldLots = statement((db, p: HoldKey) =>
  db.deleteFrom('hold_lots').where('member_id', '=', p.memberId).where('hold_id', '=', p.holdId),
);
