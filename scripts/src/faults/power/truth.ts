import type { Cabinet } from '../../harness/cabinet.ts';
import type { SlotTruth } from './verdict.ts';

/** What was so when the alliance was founded: later figures are counted from here. */
export type Baseline = { readonly points: number; readonly truth: readonly SlotTruth[] };

/** What the cabinet saw so far. */
export async function truthOf(cabinet: Cabinet): Promise<SlotTruth[]> {
  const { slots, drops } = await cabinet.state();
  return slots.map(({ slot, pulses }) => ({ slot, pulses, drops: drops.filter((drop) => drop.slot === slot).length }));
}
