import type { BeamFault } from './faults.ts';

/** Whether the drop beam reads as broken: an item in it, its emitter off, or a fault that overrules both. */
export function beamBroken(state: { crossing: number; emitterOff: boolean; fault: BeamFault | null }): boolean {
  if (state.fault === 'stuck_beam') return true;
  if (state.fault === 'blind_beam') return false;
  return state.emitterOff || state.crossing > 0;
}
