import type { Outcome } from '@tessera/shared/protocol/kiosk-parts';
import type { BookState } from '@tessera/shared/redemption/books';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { expectSoundBooks, signIn } from '../support/books.ts';
import { openMachine, SLOTS, type Machine } from '../support/machine.ts';

/** One step of the world against one of a few redemption ids: in any order, repeated, contradictory, late. */
type Step = KioskStep | StaffStep;
type KioskStep =
  | { readonly do: 'authorise' | 'vending' | 'abandon'; readonly id: number; readonly slot: number }
  | {
      readonly do: 'outcome';
      readonly id: number;
      readonly slot: number;
      readonly outcome: Outcome;
      readonly drops: number;
    }
  | { readonly do: 'hello'; readonly open: readonly number[] }
  | { readonly do: 'stray' | 'door'; readonly slot: number }
  | { readonly do: 'revoked'; readonly id: number };
type StaffStep =
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'count'; readonly slot: number; readonly off: number }
  | { readonly do: 'staff'; readonly id: number; readonly verdict: 'captured' | 'released' }
  | { readonly do: 'load'; readonly slot: number }
  | { readonly do: 'order' | 'cancel'; readonly id: number };

const STAFF: readonly Step['do'][] = ['time', 'count', 'staff', 'load', 'order', 'cancel'];
const isStaffStep = (step: Step): step is StaffStep => STAFF.includes(step.do);

const IDS = 5;
const id = fc.nat({ max: IDS - 1 });
const slot = fc.integer({ min: 1, max: SLOTS });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('authorise', 'vending', 'abandon'), id, slot }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('outcome'),
      id,
      slot,
      outcome: fc.constantFrom('dropped', 'not_dropped', 'unknown'),
      drops: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hello'), open: fc.uniqueArray(id) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time'), ms: fc.constantFrom(100, 70_000, 4_000_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count'), slot, off: fc.integer({ min: -2, max: 1 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('staff'), id, verdict: fc.constantFrom('captured', 'released') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stray', 'door'), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('load'), slot }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('order'), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel'), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoked'), id }) },
);

/** Whatever was answered, refusals too: here the books speak. */
const heard = (_answer: object): void => undefined;

/** Performs steps and remembers which redemption each number stands for. */
class World {
  readonly #machine: Machine;
  readonly #ids: string[];

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#ids = Array.from({ length: IDS }, () => machine.kiosk.newId());
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  async perform(step: Step): Promise<void> {
    await (isStaffStep(step) ? this.#staff(step) : this.#kiosk(step));
  }

  async #kiosk(step: KioskStep): Promise<void> {
    const { kiosk } = this.#machine;
    switch (step.do) {
      case 'authorise':
        heard(await kiosk.authorise(this.#id(step.id), step.slot));
        return;
      case 'vending':
        heard(await kiosk.vending(this.#id(step.id), step.slot));
        return;
      case 'abandon':
        heard(await kiosk.ask('abandon', { redemptionId: this.#id(step.id), journalHead: kiosk.write() }));
        return;
      case 'outcome':
        heard(
          await kiosk.outcome(this.#id(step.id), step.slot, step.outcome, {
            drops: step.outcome === 'dropped' ? step.drops : 0,
          }),
        );
        return;
      case 'hello':
        heard(
          await kiosk.hello(
            this.#machine.connect(),
            step.open.map((each) => ({ redemptionId: this.#id(each), state: 'vending' as const })),
          ),
        );
        return;
      case 'stray':
      case 'door': {
        const kind = step.do === 'stray' ? 'stray_drop' : 'door_opened';
        const where = step.do === 'stray' ? step.slot : null;
        heard(
          await kiosk.ask('variance', {
            eventId: kiosk.newId(),
            slot: where,
            kind,
            reason: 'test',
            redemptionId: null,
          }),
        );
        return;
      }
      case 'revoked':
        heard(await kiosk.ask('revoked', { redemptionId: this.#id(step.id), journalHead: kiosk.write() }));
        return;
    }
  }

  async #staff(step: StaffStep): Promise<void> {
    const { kiosk, server, staff, time } = this.#machine;
    const { mainJob, fleet } = server;
    const kioskId = kiosk.kioskId;
    switch (step.do) {
      case 'time':
        await time.pass(step.ms);
        await signIn(this.#machine);
        return;
      case 'count': {
        const { onHand } = await this.#machine.slot(step.slot);
        const counted = Math.max(0, onHand + step.off);
        heard(await staff('a', (tx) => mainJob.counts.count(tx, { kioskId, slot: step.slot }, { counted, tray: 0 })));
        return;
      }
      case 'staff':
        await this.#resolve(this.#id(step.id), step.verdict);
        return;
      case 'load':
        heard(await staff('a', (tx) => fleet.stock.load(tx, { kioskId, slot: step.slot }, 1, 'refill')));
        return;
      case 'order':
        await this.#order(step.id);
        return;
      case 'cancel':
        heard(await staff('a', (tx) => mainJob.pickups.cancel(tx, this.#id(step.id))));
        return;
    }
  }

  #id(number: number): string {
    return this.#ids[number] ?? '';
  }

  async #order(number: number): Promise<void> {
    const { kiosk, memberId, rewardId, server, staff, time } = this.#machine;
    const expiresAt = time.nowMs() + 3_600_000;
    const order = { memberId, rewardId, kioskId: kiosk.kioskId, expiresAt };
    const made = await staff('a', (tx) => server.mainJob.pickups.order(tx, order));
    if (made.ok) this.#ids[number] = made.value.redemption.redemption_id;
  }

  async #resolve(redemptionId: string, verdict: 'captured' | 'released'): Promise<void> {
    const { server, staff } = this.#machine;
    const { resolutions } = server.mainJob;
    const proposed = await staff('a', (tx) => resolutions.propose(tx, redemptionId, { verdict, reason: 'test' }));
    if (!proposed.ok) return;
    const { resolution_id } = proposed.value;
    heard(await staff('b', (tx) => resolutions.confirm(tx, resolution_id, { redemptionId })));
  }
}

const ENDED: readonly BookState[] = ['captured', 'released', 'refused'];

describe('the books under any sequence of events', () => {
  it('stay sound after every step, and what has ended stays ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.integer(), async (steps, seed) => {
        const timeouts = { doubtAfterMs: 3_600_000, sweepMs: 60_000 };
        const machine = await openMachine({ seed, points: 1200, units: 2, limit: 3, timeouts });
        const world = new World(machine);
        const ended = new Map<string, string>();
        try {
          await signIn(machine);
          for (const each of steps) {
            await world.perform(each);
            await expectSoundBooks(machine);
            for (const [id, state] of ended) expect(await machine.state(id)).to.equal(state);
            for (const id of world.ids) {
              const state = await machine.state(id);
              if (ENDED.includes(state as BookState) && state !== undefined) ended.set(id, state);
            }
          }
        } finally {
          await machine.close();
        }
      }),
      { numRuns: 60 },
    );
  }).timeout(240_000);
});
