import type { Result } from '@tessera/shared/result';
import type { Evidence, Outcome } from '@tessera/shared/protocol/kiosk-parts';

/** Why a piece of hardware would not do what was asked. Nothing was driven. */
export type HardwareProblem = {
  readonly code: 'busy' | 'no_such_line' | 'gone' | 'refused' | 'timeout' | 'limit' | 'bad_message';
  readonly detail: string;
};

/** An output: its number on the driver (BCM offset, coil, cabinet line) and its polarity. */
export type OutputLine = { readonly line: number; readonly activeLow: boolean };

/** Drives relays. Only the guard has one. */
export interface OutputDriver {
  /** Claims all lines, inactive, in one step; `busy` where another process owns one. */
  claim(lines: readonly OutputLine[]): Promise<Result<OutputClaim, HardwareProblem>>;
}

export interface OutputClaim {
  set(line: number, active: boolean): Promise<Result<void, HardwareProblem>>;
  /** All lines inactive, then given back. */
  release(): Promise<void>;
  /** Called once when the driver loses its device or connection. */
  onLost(listener: () => void): void;
}

/** A change of an input. `atMs` is monotonic, from the kernel's or the cabinet's time-stamp. */
export type Edge = { readonly line: number; readonly active: boolean; readonly atMs: number };

/** Reads sensors. */
export interface InputDriver {
  open(lines: readonly OutputLine[]): Promise<Result<InputClaim, HardwareProblem>>;
}

export interface InputClaim {
  read(line: number): Promise<Result<boolean, HardwareProblem>>;
  onEdge(listener: (edge: Edge) => void): void;
  onLost(listener: () => void): void;
  close(): Promise<void>;
}

/** How a pulse ended: after its time, at the guard's own limit, because the daemon let go, or because a process or device died. */
export type PulseEnd = { readonly drivenMs: number; readonly by: 'time' | 'let_go' | 'limit' | 'lost' };

/** The guard as the daemon sees it. */
export interface Guard {
  /** Drives a line for `ms` (at most the line's limit) and lets go; answers when the line is inactive again. */
  pulse(request: { readonly line: number; readonly ms: number }): Promise<Result<PulseEnd, HardwareProblem>>;
  /** Ends a running pulse early. */
  letGo(line: number): void;
  readonly alive: boolean;
  onAlive(listener: (alive: boolean) => void): void;
}

/** How one cabinet is wired: what an engineer writes down once. Times in ms. */
export type Wiring = {
  readonly slots: readonly SlotWiring[];
  /** The beam is active while it is broken. Driving the emitter's line switches the emitter off: at rest it shines. */
  readonly beam: { readonly input: number; readonly activeLow: boolean; readonly emitter: OutputLine | null };
  readonly tray: { readonly input: number; readonly activeLow: boolean } | null;
  readonly door: { readonly input: number; readonly activeLow: boolean } | null;
  /** A lamp over the tray that shows where the gift is. */
  readonly indicator: (OutputLine & { readonly longestMs: number }) | null;
  /** How long after the pulse an item may still fall. */
  readonly settleMs: number;
  /**
   * No item can come from a spiral that starts at home sooner than this after its relay: what falls before comes from
   * elsewhere, and is nobody's. 0 where it is not known.
   */
  readonly earliestDropMs: number;
  readonly emitterTestMs: number;
};

export type SlotWiring = {
  readonly slot: number;
  readonly motor: number;
  readonly activeLow: boolean;
  /** Polarity of the slot's two inputs. */
  readonly inputsActiveLow: boolean;
  /** The motor is stopped at the home switch, at the latest after this. */
  readonly pulseMs: number;
  readonly home: number | null;
  readonly current: number | null;
};

export type VendReport = {
  readonly outcome: Outcome;
  readonly evidence: Evidence;
  /** Drops beyond the first: written off, slot out of service. */
  readonly extraDrops: number;
  /** The spiral turned and nothing fell: the item may hang, the slot goes out of service. */
  readonly mayHang: boolean;
};

export type DispenserHealth = {
  readonly guard: boolean;
  readonly sensors: boolean;
  readonly beam: 'clear' | 'blocked' | 'unknown';
  readonly tray: 'empty' | 'occupied' | 'unknown';
  readonly door: 'closed' | 'open' | 'unknown';
};

/** Turns spirals and says what fell, with proof. One vend at a time: the beam is shared. */
export interface Dispenser {
  /** Tests the beam and the guard before anything is promised; nothing is driven but the emitter. */
  prepare(slot: number): Promise<Result<PreparedVend, HardwareProblem>>;
  readonly health: DispenserHealth;
  onHealth(listener: (health: DispenserHealth) => void): void;
  /** A drop outside any vend. */
  onStrayDrop(listener: (atMs: number) => void): void;
}

export interface PreparedVend {
  /** Energises the slot, watches, settles, tests the beam again. Called at most once. */
  energise(onPhase: (phase: 'turning' | 'watching' | 'settling') => void): Promise<VendReport>;
  /** Gives up without driving anything. */
  cancel(): void;
}

/** A scanner or card reader: text or UID in, nothing else. */
export interface Reader {
  onRead(listener: (text: string) => void): void;
  readonly healthy: boolean;
  onHealth(listener: (healthy: boolean) => void): void;
  /** Stretches of bytes so far that were nothing; absent where no wire can bring any. */
  readonly refused?: number;
}
