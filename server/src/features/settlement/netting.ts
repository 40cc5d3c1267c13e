import { splitByWeight } from '@tessera/shared/points';
import { MILLION } from '../clearing/index.ts';

/** What a party has and what was agreed with it, in minor units. */
export interface Standing {
  readonly prepaid: number;
  readonly reserve: number;
  readonly reservePpm: number;
  readonly reserveCap: number;
  /** Its contract has been wound down: reserve and prepaid money go back to it. */
  readonly isWoundDown: boolean;
}

export interface Netted {
  /** Taken from its prepaid money (positive), or given back to it in full at the end. */
  readonly prepaid: number;
  /** Kept back of what it is owed (positive), or given back (negative). */
  readonly reserve: number;
  /** To be paid to it (positive) or by it (negative). */
  readonly payable: number;
}

/** What is left to pay of a net amount: prepaid money covers what is owed, the reserve keeps its share of what is due. */
export function netOut(net: number, standing: Standing): Netted {
  const { prepaid, reserve, reservePpm, reserveCap, isWoundDown } = standing;
  if (isWoundDown) return { prepaid, reserve: reserve === 0 ? 0 : -reserve, payable: net + prepaid + reserve };
  const used = net < 0 ? Math.min(prepaid, -net) : 0;
  const room = Math.max(0, reserveCap - reserve);
  const [share = 0] = net > 0 ? splitByWeight(net, [reservePpm, MILLION - reservePpm]) : [];
  const kept = Math.min(room, share);
  return { prepaid: used, reserve: kept, payable: net + used - kept };
}
