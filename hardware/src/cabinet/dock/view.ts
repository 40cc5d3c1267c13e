/** One slot as the dock draws it; `relay` is true while its motor's line is driven, `pulses` counts how often it was. */
export type SlotView = {
  readonly slot: number;
  readonly goods: number;
  readonly relay: boolean;
  readonly pulses: number;
  readonly hanging: number;
  /** Degrees of the spiral since the cabinet was built, and degrees a ms. */
  readonly angle: number;
  readonly speed: number;
  readonly home: boolean;
  readonly current: boolean;
  readonly faults: readonly string[];
};

/** What fell, by the cabinet's wall clock. */
export type DropView = { readonly seq: number; readonly slot: number; readonly atMs: number };

export type DeviceView = {
  readonly device: 'scanner' | 'reader' | 'printer';
  readonly path: string;
  readonly plugged: boolean;
  readonly faults: readonly string[];
};

/** `GET /state`: the physical truth of the cabinet. */
export type CabinetView = {
  readonly slots: readonly SlotView[];
  readonly drops: readonly DropView[];
  /** Items in the tray. */
  readonly tray: number;
  /** The slot of each item in the air. */
  readonly falling: readonly number[];
  readonly door: 'open' | 'closed';
  readonly indicator: boolean;
  readonly beam: { readonly broken: boolean; readonly emitterOff: boolean; readonly fault: string | null };
  readonly devices: readonly DeviceView[];
  /** How long each motor's line was driven, newest last; `offAtMs` and `drivenMs` are null while it is. */
  readonly driven: readonly {
    readonly slot: number;
    readonly onAtMs: number;
    readonly offAtMs: number | null;
    readonly drivenMs: number | null;
  }[];
  readonly printed: readonly string[];
};

/** A member that the demo offers for one click. */
export type DemoMember = {
  readonly memberId: string;
  readonly pin: string;
  readonly points: number;
  readonly cardUid: string;
  /** Answers the member's current code as text. */
  readonly qrUrl: string;
};
