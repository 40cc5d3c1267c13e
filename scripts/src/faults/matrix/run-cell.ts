import type { Server } from '@tessera/server/app';
import { assert } from '@tessera/shared/result';
import { momentOf } from '../../harness/moment.ts';
import { brokenBooks, brokenTruth } from '../../simulate/invariants.ts';
import { round } from '../../simulate/staff.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { isSettled } from '../crash/verdict.ts';
import { faults, type Fault } from './faults.ts';
import { reach, walk, type Place } from './places.ts';
import type { Stage } from './stage.ts';

/** What was seen of one fault at one place. */
export type Cell = {
  readonly fault: Fault;
  readonly place: Place;
  /** False where the place was not reached: the cell says nothing. */
  readonly reached: boolean;
  /** Where the member's errand ended. */
  readonly end: Place | 'away';
  /** How the redemption stands in the books once everything works again, before any count; none where nothing was begun. */
  readonly settlement: string;
  /** What the staff can see of it: problems of the kiosk, slots out of service with their reason, variances, doubts. */
  readonly alerts: readonly string[];
  /** What must never be: books or shelf that disagree with what fell. */
  readonly violations: readonly string[];
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const STATUS_MS = 150_000;

/** The books of this kiosk, as far as a cell looks at them. */
async function read<T>({ host }: Stage, look: (server: Server) => Promise<T>): Promise<T> {
  const { server } = host;
  assert(server !== undefined, 'the server is up when it is asked');
  return look(server);
}

type Standing = { readonly redemptions: readonly string[]; readonly variances: number };

const standing = (stage: Stage): Promise<Standing> =>
  read(stage, async ({ foundation: { database } }) => {
    const redemptions = await database.db.selectFrom('redemptions').select('redemption_id').execute();
    const variances = await database.db.selectFrom('variances').select('variance_seq').execute();
    return { redemptions: redemptions.map((row) => row.redemption_id), variances: variances.length };
  });

/** What the operations page shows of the kiosk now. */
const alertsOf = (stage: Stage, before: Standing): Promise<string[]> =>
  read(stage, async ({ foundation: { database }, mainJob }) => {
    const { kioskId } = stage.kiosk;
    const kiosk = await database.db
      .selectFrom('kiosks')
      .select('status')
      .where('kiosk_id', '=', kioskId)
      .executeTakeFirst();
    const { problems } = JSON.parse(kiosk?.status ?? '{"problems":[]}') as { problems: string[] };
    const closed = await database.db
      .selectFrom('kiosk_slots')
      .select('out_reason')
      .where('in_service', '=', 0)
      .execute();
    const variances = await database.db.selectFrom('variances').select('kind').orderBy('variance_seq').execute();
    return [
      ...new Set([
        ...(mainJob.gateway.isOnline(kioskId) ? [] : ['offline']),
        ...problems.map((problem) => problem.replace(/^slot \d+/, 'slot')),
        ...closed.map(({ out_reason: reason }) => `closed: ${reason ?? ''}`),
        ...variances.slice(before.variances).map(({ kind }) => `variance: ${kind}`),
      ]),
    ];
  });

const newRows = (stage: Stage, before: Standing): Promise<{ redemption_id: string; state: string }[]> =>
  read(stage, async ({ foundation: { database } }) => {
    const rows = await database.db
      .selectFrom('redemptions')
      .select(['redemption_id', 'state'])
      .orderBy('redemption_id')
      .execute();
    return rows.filter(({ redemption_id: id }) => !before.redemptions.includes(id));
  });

/** Leaves a screen that has been read, and takes what lies in the tray. */
async function leave(stage: Stage): Promise<Place | 'away'> {
  stage.kiosk.cabinet.pickUp();
  stage.tap({ type: 'end' });
  await stage.until(({ name }) => name === 'attract' || name === 'out_of_service', 2 * MINUTE_MS);
  return momentOf(stage.screen) ?? 'away';
}

/** Makes everything work again, and waits until nothing is under way. */
async function mend(stage: Stage, before: Standing): Promise<void> {
  const { kiosk } = stage;
  kiosk.mend();
  kiosk.cabinet.setDoor(false);
  kiosk.network.mend();
  kiosk.scanner.plug(true);
  kiosk.card.plug(true);
  kiosk.cabinet.pickUp();
  const endMs = stage.time.nowMs + HOUR_MS;
  do {
    await stage.pass(MINUTE_MS);
    if (!stage.host.server || !stage.kiosk.isUp) continue;
    const rows = await stage.time.finish(newRows(stage, before));
    if (isSettled(rows)) return;
  } while (stage.time.nowMs < endMs);
}

/** Staff count every slot twice, so that what a first count left to two people is counted too; then all must agree. */
async function violationsOf(stage: Stage): Promise<string[]> {
  const { time, host, truth, kiosk } = stage;
  const seen: string[] = [];
  const violate = (text: string): void => void seen.push(text);
  const staff = { time, host, truth, chance: new SeededChance(1), trace: () => undefined, violate };
  for (let times = 0; times < 2; times += 1) {
    await stage.time.finish(round(kiosk, staff, true));
    await stage.pass(MINUTE_MS);
  }
  const [books, fallen] = await stage.time.finish(
    read(stage, (server) => Promise.all([brokenBooks(server, time.nowMs, truth), brokenTruth(server, [kiosk], truth)])),
  );
  return [...seen, ...books, ...fallen, ...truth.violations.splice(0), ...stage.unexpected.splice(0)];
}

/** A gift that hangs or is late may fall after its absence was proven: with that, what fell is not what was paid. */
const mayFallLate: ReadonlySet<Fault> = new Set(['hang', 'very_late_drop', 'late_drop']);
const ends: ReadonlySet<Place> = new Set(['take', 'failed', 'in_doubt']);

/** Comes to a place, lets one fault strike there, goes on as the member would, and looks at all that came of it. */
export async function runCell(stage: Stage, fault: Fault, place: Place): Promise<Cell> {
  const before = await stage.time.finish(standing(stage));
  await reach(stage, place);
  const reached = momentOf(stage.screen) === place;
  faults[fault](stage);
  const ended = ends.has(place) ? await leave(stage) : ((await walk(stage)) ?? 'away');
  await stage.pass(STATUS_MS);
  if (!stage.host.server) await stage.pass(MINUTE_MS);
  const alerts = await stage.time.finish(alertsOf(stage, before));
  await mend(stage, before);
  const rows = await stage.time.finish(newRows(stage, before));
  if (mayFallLate.has(fault)) for (const { redemption_id: id } of rows) stage.truth.spoil(id, 'late_drop');
  const violations = await violationsOf(stage);
  await leave(stage);
  const settlement = rows.map(({ state }) => state).join('+') || 'none';
  return { fault, place, reached, end: ended, settlement, alerts, violations };
}
