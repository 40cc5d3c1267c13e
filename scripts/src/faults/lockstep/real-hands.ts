import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import type { ScreenName } from '@tessera/shared/protocol/ui';
import { enrich } from '../../harness/enrich.ts';
import { leave } from '../../harness/errand.ts';
import { momentOf } from '../../harness/moment.ts';
import type { World } from '../../harness/world.ts';
import type { Stocked } from '../../simulate/install-kiosk.ts';
import { arm } from '../crash/victim.ts';
import { ready, SETTLE_MS } from '../crash/waits.ts';
import { journalEnd, type EndState } from './end-state.ts';
import type { Hands } from './hands.ts';

/** How the real alliance is set up: the simulated one is made the same. */
export type Setup = { readonly prices: readonly number[]; readonly stock: readonly Stocked[] };

const SCREEN_MS = 40_000;
const UNDER_WAY = new Set(['none', 'held', 'held_overdue', 'vending', 'vending_overdue']);
/** Reports that wait in the kiosk's outbox come within this. */
const REPORTS_MS = 1_500;

/** Hands on real processes. */
export async function realHands(world: World): Promise<{ readonly hands: Hands; readonly setup: Setup }> {
  const { books, kiosk, seed } = world;
  const [member] = seed.members;
  if (!member) throw new Error('The demo has no member.');
  const [slots, prices, start] = await Promise.all([
    books.slots(kiosk.id),
    books.prices(),
    books.balance(member.memberId),
  ]);
  const rewards = new Map(slots.map(({ slot, rewardId }) => [slot, rewardId ?? '']));
  const hands = new RealHands(world, member, rewards, start.available);
  const setup = {
    prices: slots.map(({ rewardId }) => prices.get(rewardId ?? '') ?? 0),
    stock: slots.map(({ capacity, onHand }) => ({ capacity, goods: onHand })),
  };
  return { hands, setup };
}

class RealHands implements Hands {
  #earned = 0;
  readonly #orders = new Set<string>();

  constructor(
    private readonly world: World,
    readonly member: World['seed']['members'][number],
    private readonly rewards: ReadonlyMap<number, string>,
    private readonly atStart: number,
  ) {}

  rewardOf(slot: number): string {
    return this.rewards.get(slot) ?? '';
  }

  screen<Name extends ScreenName>(name: Name) {
    return this.world.thumb.screen(name, SCREEN_MS);
  }

  async moment(moment: Parameters<Hands['moment']>[0]): Promise<void> {
    const { thumb } = this.world;
    await thumb.until((snapshot) => (momentOf(snapshot?.screen) === moment ? true : undefined), moment);
  }

  async tap(intent: Parameters<Hands['tap']>[0]): Promise<void> {
    await this.world.thumb.tap(intent);
  }

  scan(text: string): Promise<void> {
    return this.world.cabinet.scan(text);
  }

  spoil(slot: number, fault: string): Promise<void> {
    return this.world.cabinet.fault({ slot, fault, times: 1 });
  }

  blindBeam(): Promise<void> {
    return this.world.cabinet.fault({ device: 'beam', fault: 'blind_beam' });
  }

  mend(): Promise<void> {
    return this.world.cabinet.mend();
  }

  takeGift(): Promise<void> {
    return this.world.cabinet.takeGift();
  }

  kill(victim: Parameters<Hands['kill']>[0]): Promise<void> {
    const pid = this.world.supervisor.pids()[victim];
    if (pid === undefined) throw new Error(`There is no ${victim} to kill.`);
    process.kill(pid, 'SIGKILL');
    return Promise.resolve();
  }

  arm(victim: 'daemon' | 'guard', lives: readonly string[]): Promise<void> {
    return arm(this.world, victim, lives);
  }

  async earn(points: number): Promise<void> {
    await enrich(this.world, points, this.member);
    this.#earned += points;
  }

  async order(slot: number): ReturnType<Hands['order']> {
    const { books, kiosk } = this.world;
    const order = await books.order(kiosk.id, this.member.memberId, this.rewardOf(slot));
    this.#orders.add(order.redemptionId);
    return order;
  }

  cancel(redemptionId: string): Promise<void> {
    return this.world.books.cancel(redemptionId);
  }

  async count(slot: number): Promise<string> {
    const { books, cabinet, kiosk } = this.world;
    const { slots, tray } = await cabinet.state();
    const goods = slots.find((each) => each.slot === slot)?.goods ?? 0;
    return books.count(kiosk.id, slot, goods, tray);
  }

  async settle(): Promise<void> {
    const { thumb, cabinet, books } = this.world;
    await leave(thumb, cabinet, SETTLE_MS);
    await ready(this.world);
    const end = performance.now() + SETTLE_MS;
    const isUnderWay = async (): Promise<boolean> => {
      const rows = await books.redemptions().catch(() => undefined);
      return !rows || rows.some(({ state, redemptionId }) => UNDER_WAY.has(state) && !this.#waits(redemptionId, state));
    };
    while ((await isUnderWay()) && performance.now() < end) await sleep(200);
    await sleep(REPORTS_MS);
  }

  async endState(): Promise<EndState> {
    const { books, cabinet, kiosk } = this.world;
    const [balance, slots, rows, state, check, discrepancies] = await Promise.all([
      books.balance(this.member.memberId),
      books.slots(kiosk.id),
      books.redemptions(),
      cabinet.state(),
      books.check(),
      books.discrepancies(),
    ]);
    const ids = rows.map(({ redemptionId }) => redemptionId).sort();
    const details = await Promise.all(ids.map((id) => books.redemption(id)));
    return {
      points: { spent: this.atStart + this.#earned - balance.available - balance.held, held: balance.held },
      slots: slots.map(({ slot, onHand, inDoubt, inService, outReason }) => ({
        slot,
        onHand,
        inDoubt,
        inService,
        outReason,
      })),
      redemptions: details.map(({ events, kind, slot, price, state: end, outcome, decidedBy, extraDrops }) => ({
        kind,
        slot,
        price,
        state: end,
        outcome,
        decidedBy,
        extraDrops,
        timeline: events.map(({ event, from, to }) => `${event} ${from}→${to}`),
      })),
      ...journalEnd(readFileSync(join(kiosk.dataDir, JOURNAL_FILE))),
      cabinet: {
        drops: state.drops.length,
        pulses: state.slots.map(({ pulses }) => pulses),
        goods: state.slots.map(({ goods }) => goods),
      },
      discrepancies,
      broken: check.checks.filter(({ ok }) => ok === false).map(({ name }) => name),
    };
  }

  /** An order waits for its member. */
  #waits(redemptionId: string, state: string): boolean {
    return state === 'held' && this.#orders.has(redemptionId);
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
