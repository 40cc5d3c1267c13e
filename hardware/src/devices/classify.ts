import type { Evidence } from '@tessera/shared/protocol/kiosk-parts';
import type { VendReport } from '../ports.ts';

/** All that was seen of one vend. */
export type VendSight = {
  /** Whole interruptions of the beam, of a length that an item makes, from the pulse's start to the settle window's end. */
  readonly drops: number;
  /** The beam was broken in a way no item does: too short, or never ending. */
  readonly noise: boolean;
  readonly beamBefore: Evidence['beamBefore'];
  readonly beamAfter: Evidence['beamAfter'];
  readonly rotated: Evidence['rotated'];
  /** `refused`: the guard drove nothing, and said so. `lost`: nobody knows how long the line was driven. */
  readonly pulse: 'done' | 'refused' | 'lost';
  readonly pulseMs: number | undefined;
  /** The sensors were lost at some moment of the vend. */
  readonly sensorsLost: boolean;
};

type Verdict = Pick<VendReport, 'outcome'> & { readonly reason: string };

function absence(sight: VendSight): Verdict {
  if (sight.sensorsLost) return { outcome: 'unknown', reason: 'sensors_lost' };
  if (sight.pulse === 'lost') return { outcome: 'unknown', reason: 'guard_lost' };
  if (sight.noise) return { outcome: 'unknown', reason: 'beam_noise' };
  if (sight.rotated === 'no') return { outcome: 'not_dropped', reason: 'no_rotation' };
  const { beamBefore, beamAfter } = sight;
  if (beamBefore === 'alive' && beamAfter === 'alive') return { outcome: 'not_dropped', reason: 'beam_clear' };
  const blind = beamBefore === 'dead' || beamAfter === 'dead';
  return { outcome: 'unknown', reason: blind ? 'beam_blind' : 'beam_untested' };
}

function verdict(sight: VendSight): Verdict {
  if (sight.pulse === 'refused') {
    // Nothing was driven; what fell all the same was not this vend's, and a person has to look.
    return sight.drops > 0
      ? { outcome: 'unknown', reason: 'drop_without_pulse' }
      : { outcome: 'not_dropped', reason: 'never_energised' };
  }
  return sight.drops > 0 ? { outcome: 'dropped', reason: 'drop_seen' } : absence(sight);
}

/**
 * Says what one vend came to. `dropped` needs a drop that was seen; `not_dropped` needs proof of absence: no rotation at all,
 * or a beam proven alive before and after, with no edge; everything else is `unknown`.
 */
export function classify(sight: VendSight): VendReport {
  const { outcome, reason } = verdict(sight);
  const { drops, beamBefore, beamAfter, rotated, pulseMs } = sight;
  const turned = sight.pulse !== 'refused' && rotated !== 'no';
  return {
    outcome,
    evidence: {
      drops: Math.min(drops, 99),
      beamBefore,
      beamAfter,
      rotated: sight.pulse === 'refused' ? 'no' : rotated,
      reason,
      ...(pulseMs === undefined ? {} : { pulseMs }),
    },
    extraDrops: outcome === 'dropped' ? drops - 1 : 0,
    mayHang: outcome !== 'dropped' && turned,
  };
}
