import type { Dispenser, DispenserHealth, HardwareProblem, PreparedVend, VendReport } from '@tessera/hardware/ports';
import type { Scheduler } from '@tessera/shared/ports';
import { err, ok, type Result } from '@tessera/shared/result';

const healthy: DispenserHealth = { guard: true, sensors: true, beam: 'clear', tray: 'empty', door: 'closed' };

export const dropped: VendReport = {
  outcome: 'dropped',
  evidence: { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', pulseMs: 900, reason: 'drop_seen' },
  extraDrops: 0,
  mayHang: false,
};
export const hanging: VendReport = {
  outcome: 'not_dropped',
  evidence: { ...dropped.evidence, drops: 0, reason: 'beam_clear' },
  extraDrops: 0,
  mayHang: true,
};
export const motionless: VendReport = {
  outcome: 'not_dropped',
  evidence: { ...dropped.evidence, drops: 0, rotated: 'no', reason: 'no_rotation' },
  extraDrops: 0,
  mayHang: false,
};
export const unseen: VendReport = {
  outcome: 'unknown',
  evidence: { ...dropped.evidence, drops: 0, beamAfter: 'dead', reason: 'beam_blind' },
  extraDrops: 0,
  mayHang: true,
};
export const twice: VendReport = { ...dropped, evidence: { ...dropped.evidence, drops: 2 }, extraDrops: 1 };

/** A dispenser that does as it is told, counts its pulses, and outlives the daemons that use it. */
export class FakeDispenser {
  /** What the next vends report, in order; then `dropped`. `silent` never reports. */
  readonly reports: (VendReport | 'silent')[] = [];
  /** The answer of `prepare`, while it is not a success; `silent` never answers. */
  prepareProblem: HardwareProblem | 'silent' | undefined;
  /** Every slot that was energised, in order. */
  readonly pulses: number[] = [];
  cancelled = 0;
  #health = healthy;
  #listeners: ((health: DispenserHealth) => void)[] = [];
  #strayListeners: ((atMs: number) => void)[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** The dispenser as one daemon sees it; once that daemon is dead, it drives nothing and hears nothing. */
  attach(isAlive: () => boolean): Dispenser {
    this.#listeners = [];
    this.#strayListeners = [];
    const health = (): DispenserHealth => this.#health;
    return {
      prepare: (slot) => (isAlive() ? this.#prepare(slot, isAlive) : new Promise(() => undefined)),
      get health() {
        return health();
      },
      onHealth: (listener) => this.#listeners.push(listener),
      onStrayDrop: (listener) => this.#strayListeners.push(listener),
    };
  }

  set(change: Partial<DispenserHealth>): void {
    this.#health = { ...this.#health, ...change };
    for (const listener of this.#listeners) listener(this.#health);
  }

  strayDrop(atMs: number): void {
    for (const listener of this.#strayListeners) listener(atMs);
  }

  #prepare(slot: number, isAlive: () => boolean): Promise<Result<PreparedVend, HardwareProblem>> {
    const refused = this.prepareProblem;
    if (refused === 'silent') return new Promise(() => undefined);
    if (refused) return Promise.resolve(err(refused));
    let isUsed = false;
    const prepared: PreparedVend = {
      energise: (onPhase) => {
        if (isUsed) throw new Error('energised twice');
        isUsed = true;
        return isAlive() ? this.#energise(slot, onPhase) : new Promise(() => undefined);
      },
      cancel: () => void (this.cancelled += 1),
    };
    return this.#later(60, ok(prepared));
  }

  async #energise(slot: number, onPhase: (phase: 'turning' | 'watching' | 'settling') => void): Promise<VendReport> {
    this.pulses.push(slot);
    onPhase('turning');
    const report = this.reports.shift() ?? dropped;
    if (report === 'silent') return new Promise(() => undefined);
    await this.#later(1000, null);
    onPhase('watching');
    if (report.outcome === 'dropped') this.set({ tray: 'occupied' });
    await this.#later(500, null);
    onPhase('settling');
    return this.#later(700, report);
  }

  #later<T>(ms: number, value: T): Promise<T> {
    return new Promise((done) => {
      this.scheduler.after(ms, () => done(value));
    });
  }
}
