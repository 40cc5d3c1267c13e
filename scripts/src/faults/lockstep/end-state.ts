import { replay } from '@tessera/kiosk-daemon/journal/replay';
import type { JournalRecord } from '@tessera/kiosk-daemon/journal/records';

/** Where a world stands once nothing is under way, without ids and times: two worlds that behave alike give the same. */
export type EndState = {
  /** Points that the member has spent since the start, and those on hold. */
  readonly points: { readonly spent: number; readonly held: number };
  readonly slots: readonly SlotEnd[];
  readonly redemptions: readonly RedemptionEnd[];
  /** The steps of each redemption in the kiosk's journal, in the order in which they began. */
  readonly journal: readonly string[];
  /** Variances in the kiosk's journal. */
  readonly variances: readonly string[];
  readonly cabinet: { readonly drops: number; readonly pulses: readonly number[]; readonly goods: readonly number[] };
  readonly discrepancies: number;
  /** Promises that `tessera check` finds broken. */
  readonly broken: readonly string[];
};

export type SlotEnd = {
  readonly slot: number;
  readonly onHand: number;
  readonly inDoubt: number;
  readonly inService: boolean;
  readonly outReason: string | null;
};

export type RedemptionEnd = {
  readonly kind: string;
  readonly slot: number | null;
  readonly price: number;
  readonly state: string;
  readonly outcome: string | null;
  readonly decidedBy: string | null;
  readonly extraDrops: number;
  /** Each line of its timeline: `event from→to`. */
  readonly timeline: readonly string[];
};

/** What a journal's bytes say, without ids, times and what only a restart or a hello writes. */
export function journalEnd(bytes: Buffer): Pick<EndState, 'journal' | 'variances'> {
  const steps = new Map<string, string[]>();
  const variances: string[] = [];
  const read = replay(bytes, (record: JournalRecord) => {
    if (record.kind === 'vend') steps.set(record.id, [...(steps.get(record.id) ?? []), `${record.event}→${record.to}`]);
    if (record.kind === 'variance') variances.push(`${record.report.kind} ${String(record.report.slot)}`);
  });
  if (read.kind === 'damaged') throw new Error(`The journal is damaged: ${read.why}`);
  return { journal: [...steps.values()].map((each) => each.join(' ')), variances: variances.sort() };
}

/** Where two ends differ: a sentence for each place. */
export function differences(real: unknown, simulated: unknown, path = ''): string[] {
  if (Object.is(real, simulated)) return [];
  if (typeof real === 'object' && real !== null && typeof simulated === 'object' && simulated !== null) {
    const [left, right] = [real as Record<string, unknown>, simulated as Record<string, unknown>];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(left[key], right[key], `${path}/${key}`));
  }
  return [`${path}: really ${JSON.stringify(real)}, simulated ${JSON.stringify(simulated)}`];
}
