import { signal } from '@preact/signals';
import { browserScheduler, wallClock } from '../system.ts';

const EVERY_MS = 1000;

/** The time, moving once a second: what is shown as old must become old by itself. */
export const ticks = signal(wallClock.nowMs());

function tick(): void {
  ticks.value = wallClock.nowMs();
  browserScheduler.after(EVERY_MS, tick);
}
tick();
