import type { PreparedVend, VendReport, Dispenser } from '@tessera/hardware/ports';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock, Scheduler } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import type { Evidence } from '@tessera/shared/protocol/kiosk-parts';
import type { VendEvent } from '@tessera/shared/redemption/vend';
import { assert } from '@tessera/shared/result';
import type { Variance } from '../journal/book.ts';
import type { Journal, StepFacts } from '../journal/journal.ts';
import type { Link } from '../link/link.ts';
import { isTransient } from '../link/refusals.ts';
import type { Hit } from '../platform/failpoints.ts';
import { within } from '../platform/later.ts';
import type { Log } from '../platform/log-events.ts';
import type { Timeouts } from '../platform/timeouts.ts';
import type { SlotKeeper } from '../service/slot-keeper.ts';
import { authorise } from './authorise.ts';
import type { GiveUpCode, Pickup, Tell, WalkUp } from './events.ts';

export type RunnerDependencies = {
  readonly journal: Journal;
  readonly link: Pick<Link, 'ask' | 'online'>;
  readonly dispenser: Dispenser;
  readonly slots: SlotKeeper;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly timeouts: Timeouts;
  readonly log: Log;
  readonly hit: Hit;
};

/** A redemption that may be energised until `vendByMs` after `startedMs`, by the monotonic clock. */
type Cleared = {
  readonly redemptionId: string;
  readonly slot: number;
  readonly startedMs: number;
  readonly vendByMs: number;
};

const outcomeEvents = {
  dropped: 'saw_drop',
  not_dropped: 'proved_absent',
  unknown: 'lost_sight',
} as const satisfies Record<VendReport['outcome'], VendEvent>;

const unseen = (reason: string): Evidence => ({
  drops: 0,
  beamBefore: 'untested',
  beamAfter: 'untested',
  rotated: 'unknown',
  reason,
});

/** Two vends in a row in which the motor did not turn: the relay or the motor is broken. */
const DEAD_AFTER = 2;
/** Two crashes in a row while energising: the motor pulls the supply down. */
const CRASHES_ALLOWED = 2;

/**
 * Runs one redemption through the vend machine: each state is durable in the journal before its effect. It knows nothing of
 * screens and ends by itself: every wait is bounded.
 */
export class RedemptionRunner {
  /** Vends in a row without rotation, by slot. */
  readonly #dead = new Map<number, number>();

  #running: Promise<unknown> = Promise.resolve();
  #proving: Promise<void> = Promise.resolve();

  constructor(private readonly deps: RunnerDependencies) {}

  /**
   * Has the machine proved ready while the member still decides, so that the tap does not wait for it. Nothing is promised;
   * a machine that is not ready says so when it counts.
   */
  prove(slot: number): void {
    const proof = this.deps.dispenser.prepare(slot);
    this.#proving = proof.then((ready) => {
      if (ready.ok) ready.value.cancel();
    });
  }

  /** Resolves when the redemption that runs now has ended. */
  async whenIdle(): Promise<void> {
    await this.#running;
  }

  /** From the confirmed gift to its end. */
  walkUp(order: WalkUp, tell: Tell): Promise<void> {
    const run = this.#walkUp(order, tell);
    this.#running = run;
    return run;
  }

  /** From the verified code to its end. Answers false, with nothing written, where the code is used up or running. */
  pickup(order: Pickup, tell: Tell): Promise<boolean> {
    const run = this.#pickup(order, tell);
    this.#running = run;
    return run;
  }

  async #walkUp(order: WalkUp, tell: Tell): Promise<void> {
    const { journal, clock } = this.deps;
    const { redemptionId, slot, rewardId, price } = order;
    await this.#step(redemptionId, 'request', { order: { via: 'walk_up', slot, rewardId, price } });
    const startedMs = clock.monotonicMs();
    const answer = await authorise(order, startedMs, this.deps);
    if (!answer.ok && isTransient(answer.error.code)) return this.#giveUp(redemptionId, 'late', 'unavailable', tell);
    if (!answer.ok || (answer.value.state !== 'held' && answer.value.state !== 'held_overdue')) {
      await this.#step(redemptionId, 'refuse', {});
      await this.#step(redemptionId, 'acknowledge', {});
      tell({ type: 'refused', problem: answer.ok ? problem('redemption_refused') : answer.error });
      return;
    }
    const { vendByMs, grant, pointsAfter } = answer.value;
    await this.#step(redemptionId, 'authorise', { grant });
    assert(journal.book.stateOf(redemptionId) === 'authorised', 'authorised is in the journal');
    tell({ type: 'authorised', pointsAfter });
    await this.#vend({ redemptionId, slot, startedMs, vendByMs }, tell);
  }

  async #pickup(order: Pickup, tell: Tell): Promise<boolean> {
    const { journal, clock, timeouts } = this.deps;
    const { redemptionId, slot, rewardId, price, code } = order;
    const accepted = await journal.step(redemptionId, 'accept_code', {
      order: { via: 'pickup', slot, rewardId, price },
      grant: code,
    });
    if (!accepted.ok) return false;
    this.deps.log('redemption_step', { redemptionId, step: 'accept_code' });
    await this.#vend({ redemptionId, slot, startedMs: clock.monotonicMs(), vendByMs: timeouts.pickupVendByMs }, tell);
    return true;
  }

  /** Settles what was open when the daemon ended: whatever may have been driven is unknown, the rest never happened. */
  async recover(): Promise<void> {
    const { journal, slots, log } = this.deps;
    for (const { id, state, order } of [...journal.book.open.values()]) {
      if (state !== 'vending') {
        await this.#step(id, 'restart', {});
      } else {
        assert(order !== null, 'a vend has an order');
        // Out of service first: should this start crash too, the slot stays out.
        await slots.takeOut(order.slot, 'restarted');
        await this.#step(id, 'restart', { evidence: unseen('restarted') });
        if ((journal.book.crashes.get(order.slot) ?? 0) >= CRASHES_ALLOWED) {
          await this.#takeOutAndReport(order.slot, 'crash_on_energise', id);
        }
      }
      log('recovered', { redemptionId: id, was: state, is: journal.book.stateOf(id) });
    }
  }

  /** Notes something that fell, or opened, outside of any redemption. */
  async note(kind: Variance['kind'], slot: number | null, reason: string, redemptionId: string | null): Promise<void> {
    const { journal, clock, chance } = this.deps;
    await journal.variance({ eventId: newUlid(clock, chance), slot, kind, reason, redemptionId });
  }

  async #vend(cleared: Cleared, tell: Tell): Promise<void> {
    const { redemptionId, slot } = cleared;
    const prepared = await this.#prepare(slot);
    if (!prepared) return this.#giveUp(redemptionId, 'cancel', 'never_energised', tell);
    if (this.#isLate(cleared)) {
      prepared.cancel();
      return this.#giveUp(redemptionId, 'late', 'never_energised', tell);
    }
    const started = await this.deps.journal.step(redemptionId, 'start');
    if (!started.ok) {
      prepared.cancel();
      tell({ type: 'gave_up', code: 'pickup_code_invalid' });
      return;
    }
    this.deps.log('redemption_step', { redemptionId, step: 'start', slot });
    // The last look at the clock before a drop becomes possible.
    if (this.#isLate(cleared)) {
      prepared.cancel();
      await this.#step(redemptionId, 'late', { evidence: unseen('never_energised') });
      tell({ type: 'gave_up', code: 'never_energised' });
      return;
    }
    const energised = this.#energise(prepared, tell);
    this.#notice(redemptionId, slot);
    const report = await energised;
    await this.#settle(redemptionId, slot, report);
    tell({ type: report.outcome });
  }

  async #prepare(slot: number): Promise<PreparedVend | undefined> {
    const { dispenser, scheduler, timeouts, hit } = this.deps;
    hit('daemon.prepare.before');
    const asked = this.#proving.then(() => dispenser.prepare(slot));
    const prepared = await within(scheduler, timeouts.prepareMs, asked);
    hit('daemon.prepare.after');
    if (prepared !== 'late') return prepared.ok ? prepared.value : undefined;
    // It is too late for this redemption; whatever becomes ready is put back.
    void asked.then((ready) => {
      if (ready.ok) ready.value.cancel();
    });
    return undefined;
  }

  #isLate({ startedMs, vendByMs }: Cleared): boolean {
    return this.deps.clock.monotonicMs() - startedMs >= vendByMs;
  }

  /** Tells the server that absence can no longer release. Not awaited: the journal already knows. */
  #notice(redemptionId: string, slot: number): void {
    const { link, journal } = this.deps;
    if (link.online) void link.ask('vending', { redemptionId, slot, journalHead: journal.head });
  }

  async #energise(prepared: PreparedVend, tell: Tell): Promise<VendReport> {
    const { scheduler, timeouts, hit } = this.deps;
    hit('daemon.pulse.before');
    const vend = prepared.energise((phase) => tell({ type: 'phase', phase }));
    const report = await within(scheduler, timeouts.vendMs, vend);
    hit('daemon.pulse.after');
    if (report !== 'late') return report;
    return { outcome: 'unknown', evidence: unseen('no_report'), extraDrops: 0, mayHang: true };
  }

  /** A slot that may do harm goes out of service before the outcome is written: a crash between the two leaves it out. */
  async #settle(redemptionId: string, slot: number, report: VendReport): Promise<void> {
    const { outcome, evidence, extraDrops } = report;
    const reason = this.#reasonToTakeOut(slot, report);
    if (reason !== undefined) await this.deps.slots.takeOut(slot, reason);
    await this.#step(redemptionId, outcomeEvents[outcome], { evidence });
    if (extraDrops > 0) {
      this.deps.log('extra_drop', { redemptionId, slot, extraDrops });
      for (let drop = 0; drop < extraDrops; drop += 1)
        await this.note('extra_drop', slot, 'two_in_one_vend', redemptionId);
    }
    // An unknown outcome takes the slot out of service on the server by itself.
    if (reason !== undefined && outcome !== 'unknown')
      await this.note('slot_out_of_service', slot, reason, redemptionId);
  }

  #reasonToTakeOut(slot: number, { outcome, evidence, extraDrops, mayHang }: VendReport): string | undefined {
    const isDead = outcome === 'not_dropped' && evidence.reason === 'no_rotation';
    const dead = isDead ? (this.#dead.get(slot) ?? 0) + 1 : 0;
    this.#dead.set(slot, dead);
    if (extraDrops > 0) return 'extra_drop';
    if (outcome === 'unknown') return 'in_doubt';
    if (mayHang) return 'may_hang';
    return dead >= DEAD_AFTER ? 'no_rotation' : undefined;
  }

  async #takeOutAndReport(slot: number, reason: string, redemptionId: string): Promise<void> {
    await this.deps.slots.takeOut(slot, reason);
    await this.note('slot_out_of_service', slot, reason, redemptionId);
  }

  async #giveUp(redemptionId: string, event: 'late' | 'cancel', code: GiveUpCode, tell: Tell): Promise<void> {
    const step = await this.deps.journal.step(redemptionId, event);
    // Refused only where the server withdrew a pick-up while it was being prepared.
    tell({ type: 'gave_up', code: step.ok ? code : 'pickup_code_invalid' });
  }

  /** A step that the code above knows to be allowed. */
  async #step(redemptionId: string, event: VendEvent, facts: StepFacts): Promise<void> {
    const step = await this.deps.journal.step(redemptionId, event, facts);
    assert(step.ok, `${event} is allowed here${step.ok ? '' : ` (${step.error})`}`);
    this.deps.log('redemption_step', { redemptionId, step: event });
  }
}
