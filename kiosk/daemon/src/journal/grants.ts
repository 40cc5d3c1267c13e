import type { GrantRecord, JournalRecord, VendRecord } from './records.ts';

/** How long grants are kept for a server that was restored from a backup. */
const GRANTS_KEPT_MS = 90 * 24 * 3_600_000;

/**
 * Gathers the server's signed grants with their outcomes from a journal's records. They stay on disk: memory holds them
 * only while a compaction or a replay to a restored server needs them.
 */
export class GrantGatherer {
  readonly #grants = new Map<string, GrantRecord>();
  /** Slots of redemptions that are not authorised yet. */
  readonly #slots = new Map<string, number>();

  take(record: JournalRecord): void {
    if (record.kind === 'grant') this.#grants.set(record.id, record);
    if (record.kind === 'vend') this.#takeStep(record);
  }

  /** Those of the last 90 days, oldest first. */
  kept(nowMs: number): GrantRecord[] {
    return [...this.#grants.values()].filter((grant) => grant.atMs > nowMs - GRANTS_KEPT_MS);
  }

  #takeStep({ id, to, atMs, order, grant }: VendRecord): void {
    if (order) this.#slots.set(id, order.slot);
    const slot = this.#slots.get(id);
    if (grant !== undefined && slot !== undefined) {
      this.#grants.set(id, { kind: 'grant', id, grant, slot, outcome: null, atMs });
    }
    const kept = this.#grants.get(id);
    if (kept && (to === 'dropped' || to === 'not_dropped' || to === 'unknown')) {
      this.#grants.set(id, { ...kept, outcome: to });
    }
    // Nothing can have fallen: a restored server finds these unknown to the kiosk and releases them.
    if (to === 'abandoned' || to === 'none') this.#grants.delete(id);
    if (to === 'closed' || to === 'none') this.#slots.delete(id);
  }
}
