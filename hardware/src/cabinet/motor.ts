/** How a spiral's motor moves: its angle in degrees since the cabinet was built, its speed in degrees a ms. */
export type Motion = {
  readonly atMs: number;
  readonly angle: number;
  readonly speed: number;
  /** Where the speed is heading, and how fast it changes (degrees a ms², positive). */
  readonly targetSpeed: number;
  readonly rate: number;
};

/** A motor at rest. */
export const atRest = (angle: number, atMs: number): Motion => ({ atMs, angle, speed: 0, targetSpeed: 0, rate: 1 });

/** How long the speed still changes, and by how much a ms (signed). */
function ramp(motion: Motion): { lastsMs: number; acceleration: number } {
  const change = motion.targetSpeed - motion.speed;
  return { lastsMs: Math.abs(change) / motion.rate, acceleration: Math.sign(change) * motion.rate };
}

/** The motion at a later time, with the same target. */
export function motionAt(motion: Motion, atMs: number): Motion {
  const elapsedMs = atMs - motion.atMs;
  const { lastsMs, acceleration } = ramp(motion);
  const rampMs = Math.min(elapsedMs, lastsMs);
  const ramped = motion.angle + motion.speed * rampMs + (acceleration * rampMs * rampMs) / 2;
  const angle = ramped + motion.targetSpeed * (elapsedMs - rampMs);
  const speed = elapsedMs >= lastsMs ? motion.targetSpeed : motion.speed + acceleration * elapsedMs;
  return { ...motion, atMs, angle, speed };
}

/** When the motor reaches an angle ahead of it, in ms from `motion.atMs`; undefined where it stops before. */
export function timeToAngle(motion: Motion, angle: number): number | undefined {
  const distance = Math.max(0, angle - motion.angle);
  const { lastsMs, acceleration } = ramp(motion);
  const rampDistance = motion.speed * lastsMs + (acceleration * lastsMs * lastsMs) / 2;
  if (distance <= rampDistance) {
    // distance = v·t + a·t²/2, the root that is reached first; a = 0 only where the ramp is empty.
    if (acceleration === 0) return 0;
    const root = Math.sqrt(Math.max(0, motion.speed * motion.speed + 2 * acceleration * distance));
    return (root - motion.speed) / acceleration;
  }
  if (motion.targetSpeed === 0) return undefined;
  return lastsMs + (distance - rampDistance) / motion.targetSpeed;
}

/** The same motor from now on towards another speed; `overMs` is the time of a full change of `fullSpeed`. */
export function headFor(
  motion: Motion,
  to: { readonly speed: number; readonly fullSpeed: number; readonly overMs: number },
): Motion {
  return { ...motion, targetSpeed: to.speed, rate: to.fullSpeed / to.overMs };
}
