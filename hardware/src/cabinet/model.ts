import type { Chance, Clock, Scheduler } from '@tessera/shared/ports';
import { beamBroken } from './beam.ts';
import { applyFault, noFaults, slotFault, useFault, type FaultRequest, type Faults } from './faults.ts';
import type { Physics } from './physics.ts';
import { newCabinet, newSlot, type Driven, type Drop, type Saved } from './saved.ts';
import { Spiral, type Mark, type MotorPower } from './spiral.ts';

/** An output of the cabinet, and an input, by what they are. */
export type CabinetOutput =
  { readonly kind: 'motor'; readonly slot: number } | { readonly kind: 'emitter' } | { readonly kind: 'indicator' };
export type CabinetInput =
  | { readonly kind: 'home' | 'current'; readonly slot: number }
  | { readonly kind: 'beam' }
  | { readonly kind: 'tray' }
  | { readonly kind: 'door' };

/** What an earlier process of the cabinet left behind. */
export type Past = { readonly saved: Saved | undefined; readonly drops: readonly Drop[] };

type InputListener = (input: CabinetInput, active: boolean, atMs: number) => void;

export type CabinetDependencies = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly physics: Physics;
  readonly slots: number;
  /** Items in each slot of a new or reset cabinet. */
  readonly goods: number;
};

type Slot = {
  readonly slot: number;
  readonly spiral: Spiral;
  goods: number;
  hanging: number;
  pulses: number;
  relay: boolean;
};
type Falling = { readonly item: number; readonly slot: number; readonly dueMs: number };
type Level = { readonly input: CabinetInput; active: boolean };

/** The drives that are remembered with their times. */
const DRIVEN_KEPT = 200;

const inputKey = (input: CabinetInput): string =>
  'slot' in input ? `${input.kind}:${String(input.slot)}` : input.kind;

/**
 * The cabinet as physics: what its motors, goods and sensors do over time, whoever drives them. It knows nothing of lines,
 * sockets or vends, and everything that falls is written down: the ground truth.
 */
export class CabinetModel {
  readonly #deps: CabinetDependencies;
  readonly #slots: Slot[];
  readonly #levels = new Map<string, Level>();
  readonly #inputListeners = new Set<InputListener>();
  readonly #changeListeners: (() => void)[] = [];
  readonly #dropListeners: ((drop: Drop) => void)[] = [];
  #falling: Falling[] = [];
  #drops: Drop[];
  #driven: Driven[];
  #faults: Faults;
  /** What is in the beam now. */
  readonly #crossing = new Set<Drop>();
  #nextItem: number;
  #nextDrop: number;
  #tray: number;
  #doorOpen: boolean;
  #emitterOff: boolean;
  #indicator: boolean;

  /** @param past what an earlier process saved; motors driven then are still driven, items in the air still fall */
  constructor(deps: CabinetDependencies, past: Past = { saved: undefined, drops: [] }) {
    const saved = past.saved ?? newCabinet;
    this.#deps = deps;
    this.#drops = [...past.drops];
    this.#driven = saved.driven;
    this.#faults = saved.faults;
    this.#nextItem = saved.nextItem;
    this.#nextDrop = Math.max(saved.nextDrop, (this.#drops.at(-1)?.seq ?? 0) + 1);
    this.#tray = saved.tray;
    this.#doorOpen = saved.doorOpen;
    this.#emitterOff = saved.emitterOff;
    this.#indicator = saved.indicator;
    this.#slots = Array.from({ length: deps.slots }, (_, index) => this.#makeSlot(index + 1, saved));
    for (const slot of this.#slots) {
      this.#level({ kind: 'home', slot: slot.slot });
      this.#level({ kind: 'current', slot: slot.slot });
      slot.spiral.power(this.#powerOf(slot));
    }
    for (const kind of ['beam', 'tray', 'door'] as const) this.#level({ kind });
    const landed = new Set(this.#drops.map(({ item }) => item));
    for (const { item, slot, inMs } of saved.falling) if (!landed.has(item)) this.#fall(slot, inMs, item);
  }

  /** Tells of every sensor that changes, with the exact monotonic time; the answer ends it. */
  onInput(listener: InputListener): () => void {
    this.#inputListeners.add(listener);
    return () => this.#inputListeners.delete(listener);
  }

  /** Called after anything changed that `saved` or the view shows. */
  onChange(listener: () => void): void {
    this.#changeListeners.push(listener);
  }

  /** Called for each drop before anybody else can know of it. */
  onDrop(listener: (drop: Drop) => void): void {
    this.#dropListeners.push(listener);
  }

  get faults(): Faults {
    return this.#faults;
  }

  get drops(): readonly Drop[] {
    return this.#drops;
  }

  hasSlot(slot: number): boolean {
    return slot >= 1 && slot <= this.#slots.length;
  }

  /** Drives an output or lets it go. */
  drive(output: CabinetOutput, on: boolean): void {
    const atMs = this.#deps.clock.monotonicMs();
    if (output.kind === 'emitter') this.#emitterOff = on;
    else if (output.kind === 'indicator') this.#indicator = on;
    else this.#driveMotor(this.#slot(output.slot), on);
    this.#sense(atMs);
    this.#changed();
  }

  read(input: CabinetInput): boolean {
    return this.#levels.get(inputKey(input))?.active ?? false;
  }

  /** Breaks or mends something; a string says why it makes no sense, and nothing changed. */
  inject(request: FaultRequest): string | undefined {
    if (request.slot !== undefined && !this.hasSlot(request.slot)) return `There is no slot ${String(request.slot)}.`;
    const next = applyFault(this.#faults, request);
    if (typeof next === 'string') return next;
    this.#faults = next;
    if (request.fault === 'stray_drop' && request.slot !== undefined) this.#release(this.#slot(request.slot), 1);
    for (const slot of this.#slots) slot.spiral.power(this.#powerOf(slot));
    this.#sense(this.#deps.clock.monotonicMs());
    this.#changed();
    return undefined;
  }

  /** The member takes everything out of the tray; gives how many. */
  pickUp(): number {
    const taken = this.#tray;
    this.#tray = 0;
    this.#sense(this.#deps.clock.monotonicMs());
    this.#changed();
    return taken;
  }

  setDoor(open: boolean): void {
    this.#doorOpen = open;
    this.#sense(this.#deps.clock.monotonicMs());
    this.#changed();
  }

  /** The engineer fills a slot to a number of items; what hung is put right. */
  setGoods(slotNumber: number, goods: number): void {
    const slot = this.#slot(slotNumber);
    slot.goods = goods;
    slot.hanging = 0;
    this.#changed();
  }

  /** A cabinet as new, full, with no fault and no history; lines stay as they are driven. */
  reset(): void {
    this.#faults = noFaults;
    this.#drops = [];
    this.#driven = [];
    this.#falling = [];
    this.#crossing.clear();
    this.#nextDrop = 1;
    this.#tray = 0;
    this.#doorOpen = false;
    for (const slot of this.#slots) {
      slot.goods = this.#deps.goods;
      slot.hanging = 0;
      slot.pulses = 0;
      slot.spiral.power(this.#powerOf(slot));
    }
    this.#sense(this.#deps.clock.monotonicMs());
    this.#changed();
  }

  /** The present state, to be kept over a restart. Cheap: it is asked for at every change. */
  saved(): Saved {
    const nowMs = this.#deps.clock.monotonicMs();
    return {
      slots: this.#slots.map(({ slot, goods, hanging, pulses, relay, spiral }) => ({
        slot,
        goods,
        hanging,
        pulses,
        relay,
        angle: spiral.angle,
        nextMark: spiral.nextMark,
      })),
      falling: this.#falling.map(({ item, slot, dueMs }) => ({ item, slot, inMs: Math.max(0, dueMs - nowMs) })),
      nextItem: this.#nextItem,
      nextDrop: this.#nextDrop,
      tray: this.#tray,
      doorOpen: this.#doorOpen,
      emitterOff: this.#emitterOff,
      indicator: this.#indicator,
      driven: this.#driven,
      faults: this.#faults,
    };
  }

  /** How fast a slot's spiral turns, in degrees a ms. */
  speedOf(slot: number): number {
    return this.#slot(slot).spiral.speed;
  }

  #makeSlot(number: number, saved: Saved): Slot {
    const { clock, scheduler, physics, goods } = this.#deps;
    const { angle, nextMark, ...past } = saved.slots.find(({ slot }) => slot === number) ?? newSlot(number, goods);
    const onMark = (mark: Mark, atMs: number): void => {
      if (mark === 'drop') this.#turned(slot);
      this.#sense(atMs);
      this.#changed();
    };
    const spiral = new Spiral({ clock, scheduler, physics, onMark }, { angle, nextMark });
    const slot: Slot = { ...past, spiral };
    return slot;
  }

  #slot(number: number): Slot {
    const slot = this.#slots[number - 1];
    if (!slot) throw new Error(`The cabinet has no slot ${String(number)}.`);
    return slot;
  }

  #powerOf({ slot, relay }: Slot): MotorPower {
    if (slotFault(this.#faults, slot, 'jam')) return 'jammed';
    if (!relay || slotFault(this.#faults, slot, 'dead_relay')) return 'off';
    return slotFault(this.#faults, slot, 'slow_motor') ? 'slow' : 'full';
  }

  #driveMotor(slot: Slot, on: boolean): void {
    if (slot.relay === on) return;
    const nowMs = this.#deps.clock.nowMs();
    slot.relay = on;
    if (on) {
      slot.pulses += 1;
      const begun: Driven = { slot: slot.slot, onAtMs: nowMs, offAtMs: null, drivenMs: null };
      this.#driven = [...this.#driven.slice(1 - DRIVEN_KEPT), begun];
    } else {
      this.#driven = this.#driven.map((each) =>
        each.slot === slot.slot && each.offAtMs === null
          ? { ...each, offAtMs: nowMs, drivenMs: nowMs - each.onAtMs }
          : each,
      );
    }
    slot.spiral.power(this.#powerOf(slot));
  }

  /** The spiral has come to where the item in front of it falls. */
  #turned(slot: Slot): void {
    const onSpiral = slot.goods - slot.hanging;
    const hang = slotFault(this.#faults, slot.slot, 'hang');
    if (hang) {
      if (onSpiral > 0) slot.hanging += 1;
      this.#faults = useFault(this.#faults, hang);
      return;
    }
    const double = slotFault(this.#faults, slot.slot, 'double_drop');
    if (double) this.#faults = useFault(this.#faults, double);
    const pushed = Math.min(onSpiral, double ? 2 : 1);
    // What hung is pushed down by what follows it.
    this.#release(slot, pushed + slot.hanging);
  }

  #release(slot: Slot, count: number): void {
    const falls = Math.min(count, slot.goods);
    const late = falls > 0 ? slotFault(this.#faults, slot.slot, 'late_drop') : undefined;
    if (late) this.#faults = useFault(this.#faults, late);
    const { fallMs, gapMs, lateMs } = this.#deps.physics;
    const lateByMs = late ? (late.delayMs ?? lateMs) : 0;
    slot.goods -= falls;
    slot.hanging = Math.min(Math.max(0, slot.hanging - falls), slot.goods);
    for (let index = 0; index < falls; index += 1) {
      this.#fall(slot.slot, fallMs + lateByMs + index * gapMs, this.#nextItem++);
    }
  }

  #fall(slot: number, inMs: number, item: number): void {
    const falling: Falling = { item, slot, dueMs: this.#deps.clock.monotonicMs() + inMs };
    this.#falling.push(falling);
    this.#deps.scheduler.after(inMs, () => {
      // A reset meanwhile took it out of the air.
      if (this.#falling.includes(falling)) this.#land(falling);
    });
  }

  #land(falling: Falling): void {
    const { clock, scheduler, physics, chance } = this.#deps;
    const drop = { seq: this.#nextDrop++, slot: falling.slot, atMs: clock.nowMs(), item: falling.item };
    this.#falling = this.#falling.filter((each) => each !== falling);
    this.#drops.push(drop);
    for (const listener of this.#dropListeners) listener(drop);
    this.#crossing.add(drop);
    this.#tray += 1;
    this.#sense(falling.dueMs);
    this.#changed();
    const part = (chance.bytes(1)[0] ?? 0) / 255;
    const lastsMs = physics.beamLeastMs + part * (physics.beamMostMs - physics.beamLeastMs);
    scheduler.after(Math.max(0, falling.dueMs + lastsMs - clock.monotonicMs()), () => {
      this.#crossing.delete(drop);
      this.#sense(falling.dueMs + lastsMs);
    });
  }

  #level(input: CabinetInput): void {
    this.#levels.set(inputKey(input), { input, active: this.#truth(input) });
  }

  #truth(input: CabinetInput): boolean {
    switch (input.kind) {
      case 'beam':
        return beamBroken({ crossing: this.#crossing.size, emitterOff: this.#emitterOff, fault: this.#faults.beam });
      case 'tray':
        return this.#tray > 0;
      case 'door':
        return this.#doorOpen;
      case 'home':
        return slotFault(this.#faults, input.slot, 'stuck_home') !== undefined || this.#slot(input.slot).spiral.home;
      case 'current': {
        const { relay, slot } = this.#slot(input.slot);
        return relay && !slotFault(this.#faults, slot, 'dead_relay');
      }
    }
  }

  /** Tells of every sensor that changed. */
  #sense(atMs: number): void {
    for (const level of this.#levels.values()) {
      const active = this.#truth(level.input);
      if (active === level.active) continue;
      level.active = active;
      for (const listener of this.#inputListeners) listener(level.input, active, atMs);
    }
  }

  #changed(): void {
    for (const listener of this.#changeListeners) listener();
  }
}
