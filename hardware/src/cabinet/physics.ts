/** The cabinet's time constants, in ms, and its angles, in degrees of a spiral's turn. */
export type Physics = {
  /** One turn at full speed. */
  readonly turnMs: number;
  /** From rest to full speed, and from full speed to rest. */
  readonly spinUpMs: number;
  readonly coastMs: number;
  /** The home switch is closed from `homeFrom` through 0 to `homeTo`; the item in front falls at `dropAt`. */
  readonly homeTo: number;
  readonly dropAt: number;
  readonly homeFrom: number;
  /** From the spiral to the beam. */
  readonly fallMs: number;
  /** How long an item breaks the beam. */
  readonly beamLeastMs: number;
  readonly beamMostMs: number;
  /** Between items that fall together. */
  readonly gapMs: number;
  /** How much later a late drop falls unless told. */
  readonly lateMs: number;
  /** Speed of a slow motor, as a part of full speed. */
  readonly slowFactor: number;
};

export const physics: Physics = {
  turnMs: 1_200,
  spinUpMs: 120,
  coastMs: 80,
  homeTo: 20,
  dropAt: 300,
  homeFrom: 356,
  fallMs: 250,
  beamLeastMs: 5,
  beamMostMs: 80,
  gapMs: 120,
  lateMs: 4_000,
  slowFactor: 0.4,
};
