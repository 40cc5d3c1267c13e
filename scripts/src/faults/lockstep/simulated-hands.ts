import { checkBooks } from '@tessera/server/features/check/check';
import type { Server } from '@tessera/server/app';
import type { Refused, Tx } from '@tessera/server/platform/commands/commands';
import type { Intent, Screen, ScreenName } from '@tessera/shared/protocol/ui';
import { assert, ok } from '@tessera/shared/result';
import { momentOf } from '../../harness/moment.ts';
import { isSettled } from '../crash/verdict.ts';
import { Stage } from '../matrix/stage.ts';
import { journalEnd, type EndState } from './end-state.ts';
import type { Hands, Victim } from './hands.ts';
import type { Setup } from './real-hands.ts';

const SCREEN_MS = 120_000;
const SETTLE_MS = 10 * 60_000;
const LOOK_MS = 500;
const REPORTS_MS = 5_000;
const VALID_MS = 60 * 60_000;
/** Real journals of this length are never compacted. */
const NEVER_BYTES = 1e9;

/** Hands on the simulation, whose alliance is set up as the real one. */
export async function simulatedHands({ prices, stock }: Setup): Promise<Hands> {
  const stage = await Stage.open({ prices, stock, compactAboveBytes: NEVER_BYTES });
  const hands = new SimulatedHands(stage);
  await hands.begin();
  return hands;
}

class SimulatedHands implements Hands {
  #earned = 0;
  #atStart = 0;

  constructor(private readonly stage: Stage) {}

  async begin(): Promise<void> {
    this.#atStart = (await this.#balance()).available;
  }

  get member(): Hands['member'] {
    return this.stage.member;
  }

  rewardOf(slot: number): string {
    return this.stage.rewards[slot - 1] ?? '';
  }

  async screen<Name extends ScreenName>(name: Name): Promise<Extract<Screen, { name: Name }>> {
    const came = await this.stage.until((screen) => screen.name === name, SCREEN_MS);
    const { screen } = this.stage;
    if (!came) throw new Error(`The screen did not come to ${name}; it shows ${screen?.name ?? 'nothing'}.`);
    return screen as Extract<Screen, { name: Name }>;
  }

  async moment(moment: Parameters<Hands['moment']>[0]): Promise<void> {
    const came = await this.stage.until((screen) => momentOf(screen) === moment, SCREEN_MS);
    if (!came) throw new Error(`The moment of ${moment} did not come.`);
  }

  tap(intent: Intent): Promise<void> {
    this.stage.tap(intent);
    return Promise.resolve();
  }

  scan(text: string): Promise<void> {
    this.stage.kiosk.scanner.read(text);
    return Promise.resolve();
  }

  spoil(slot: number, fault: 'jam' | 'hang' | 'double_drop'): Promise<void> {
    return this.#inject({ slot, fault, times: 1 });
  }

  blindBeam(): Promise<void> {
    return this.#inject({ device: 'beam', fault: 'blind_beam' });
  }

  mend(): Promise<void> {
    return this.#inject({ fault: 'none' });
  }

  takeGift(): Promise<void> {
    this.stage.kiosk.cabinet.pickUp();
    return Promise.resolve();
  }

  kill(victim: Victim): Promise<void> {
    const { kiosk, host } = this.stage;
    if (victim === 'server') host.crash();
    else if (victim === 'guard') kiosk.crashGuard();
    else kiosk.crashDaemon(false);
    return Promise.resolve();
  }

  async arm(victim: 'daemon' | 'guard', lives: readonly string[]): Promise<void> {
    const { kiosk, time } = this.stage;
    if (victim === 'guard') {
      kiosk.armGuard(lives);
      kiosk.crashGuard();
      return;
    }
    kiosk.stopDaemon();
    kiosk.armDaemon(lives);
    await time.finish(kiosk.letStart());
  }

  async earn(points: number): Promise<void> {
    const { memberId } = this.member;
    await this.#must('accrual', async (server, tx) => {
      await server.ledger.earn(tx, { memberId, issuer: null, rule: 'till', points, expiresAt: null, reason: 'sale' });
      return ok(null);
    });
    this.stage.truth.issued += points;
    this.#earned += points;
  }

  async order(slot: number): ReturnType<Hands['order']> {
    const { kiosk, time } = this.stage;
    const order = {
      memberId: this.member.memberId,
      kioskId: kiosk.kioskId,
      rewardId: this.rewardOf(slot),
      expiresAt: Math.floor(time.nowMs) + VALID_MS,
    };
    const { pickup } = await this.#must('pickup.order', (server, tx) => server.mainJob.pickups.order(tx, order));
    return { redemptionId: pickup.redemption_id, code: pickup.code };
  }

  async cancel(redemptionId: string): Promise<void> {
    await this.#must('pickup.cancel', (server, tx) => server.mainJob.pickups.cancel(tx, redemptionId));
  }

  async count(slot: number): Promise<string> {
    const { kiosk } = this.stage;
    const key = { kioskId: kiosk.kioskId, slot };
    const found = { counted: kiosk.goodsIn(slot), tray: kiosk.cabinet.saved().tray };
    const { verdict } = await this.#must('stock.count', (server, tx) => server.mainJob.counts.count(tx, key, found));
    return verdict;
  }

  /** Leaves whatever is on the glass, as a person does, and waits until nothing is under way. */
  async settle(): Promise<void> {
    const { stage } = this;
    const endMs = stage.time.nowMs + SETTLE_MS;
    while (!(await this.#isAtRest())) {
      if (stage.time.nowMs > endMs)
        throw new Error(`Nothing came to rest; the screen shows ${stage.screen?.name ?? '-'}.`);
      await stage.pass(LOOK_MS);
      if (ENDED.has(stage.screen?.name ?? 'attract')) {
        await this.takeGift();
        await this.tap({ type: 'end' });
      }
    }
    await stage.pass(REPORTS_MS);
  }

  async endState(): Promise<EndState> {
    const { kiosk, time } = this.stage;
    const server = this.#server();
    const { db } = server.foundation.database;
    const balance = await this.#balance();
    const rows = await db.selectFrom('redemptions').selectAll().orderBy('redemption_id').execute();
    const slots = await server.fleet.stock.slots(db, kiosk.kioskId);
    const discrepancies = await db.selectFrom('discrepancies').select('discrepancy_id').execute();
    const check = await checkBooks(db, time.nowMs);
    const { slots: shelves } = kiosk.cabinet.saved();
    return {
      points: { spent: this.#atStart + this.#earned - balance.available - balance.held, held: balance.held },
      slots: slots.map((row) => ({
        slot: row.slot,
        onHand: row.on_hand,
        inDoubt: row.in_doubt,
        inService: row.in_service === 1,
        outReason: row.out_reason,
      })),
      redemptions: await Promise.all(
        rows.map(async (row) => ({
          kind: row.kind,
          slot: row.slot,
          price: row.price,
          state: row.state,
          outcome: row.outcome,
          decidedBy: row.decided_by,
          extraDrops: row.extra_drops,
          timeline: (await server.mainJob.redemptions.timeline(db, row.redemption_id)).map(
            ({ event, from_state: from, to_state: to }) => `${event} ${from}→${to}`,
          ),
        })),
      ),
      ...journalEnd(kiosk.journal),
      cabinet: {
        drops: kiosk.cabinet.drops.length,
        pulses: shelves.map(({ pulses }) => pulses),
        goods: shelves.map(({ goods }) => goods),
      },
      discrepancies: discrepancies.length,
      broken: check.checks.filter(({ ok: holds }) => holds === false).map(({ name }) => name),
    };
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  #inject(request: Parameters<Stage['kiosk']['cabinet']['inject']>[0]): Promise<void> {
    const refused = this.stage.kiosk.cabinet.inject(request);
    if (refused !== undefined) throw new Error(refused);
    return Promise.resolve();
  }

  #server(): Server {
    const { server } = this.stage.host;
    assert(server !== undefined, 'the server is up when it is asked');
    return server;
  }

  async #must<T>(name: string, work: (server: Server, tx: Tx) => Promise<Refused<T>>): Promise<T> {
    const server = this.#server();
    return this.stage.time.finish(this.stage.host.must(name, (tx) => work(server, tx)));
  }

  async #balance(): Promise<{ readonly available: number; readonly held: number }> {
    const server = this.#server();
    return server.ledger.balancesOf(server.foundation.database.db, this.member.memberId);
  }

  async #isAtRest(): Promise<boolean> {
    const { host, screen, kiosk } = this.stage;
    if (!host.server || screen?.name !== 'attract' || kiosk.daemon?.controller.snapshot.online !== true) return false;
    const { db } = host.server.foundation.database;
    const rows = await db.selectFrom('redemptions').select(['state', 'kind']).execute();
    return isSettled(rows.filter(({ kind, state }) => kind !== 'pickup' || state !== 'held'));
  }
}

/** Screens on which an errand has ended, or been left behind by a crash. */
const ENDED: ReadonlySet<ScreenName> = new Set([
  'take',
  'failed',
  'in_doubt',
  'choose',
  'confirm',
  'identify',
  'enter_number',
  'enter_pin',
]);
