import { bookStates, isOpen } from '@tessera/shared/redemption/books';
import type { Commands } from '../platform/commands/commands.ts';
import type { Db } from '../platform/database/database.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';

const OPEN = bookStates.filter(isOpen);

/** What an operator watches: open redemptions by state, machines by state, what waits to be delivered. */
export function registerGauges(metrics: Metrics, db: Db, commands: Pick<Commands, 'depth'>): void {
  metrics.gauge('tessera_command_queue', 'Commands that wait for a batch', () => commands.depth);
  metrics.gauge('tessera_redemptions_open', 'Redemptions that have not ended, by state', () => openByState(db), [
    'state',
  ]);
  metrics.gauge('tessera_kiosks', 'Kiosks by state of enrolment', () => kiosksByState(db), ['state']);
  metrics.gauge('tessera_slots_out_of_service', 'Slots that staff have to look at', () => slotsOut(db));
  metrics.gauge('tessera_outbox_waiting', 'Deliveries that wait for their turn', () => waiting(db));
}

/**
 * Every open state is told, also where none is in it: an alert needs the zero. The cross join makes SQLite go from kiosk to
 * kiosk by the index on (kiosk, state), never through all that has ended.
 */
async function openByState(db: Db) {
  const rows = await db
    .selectFrom('kiosks')
    .crossJoin('redemptions')
    .select((eb) => ['redemptions.state', eb.fn.countAll<number>().as('count')])
    .whereRef('redemptions.kiosk_id', '=', 'kiosks.kiosk_id')
    .where('redemptions.state', 'in', OPEN)
    .groupBy('redemptions.state')
    .execute();
  return OPEN.map((state) => ({ labels: { state }, value: rows.find((row) => row.state === state)?.count ?? 0 }));
}

async function kiosksByState(db: Db) {
  const rows = await db
    .selectFrom('kiosks')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return rows.map(({ state, count }) => ({ labels: { state }, value: count }));
}

async function slotsOut(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('kiosk_slots')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('in_service', '=', 0)
    .where('reward_id', 'is not', null)
    .executeTakeFirstOrThrow();
  return count;
}

async function waiting(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('sent_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}
