/** What physically happened, by redemption, as the simulation sees it from outside: nobody inside can change it. */
export class Truth {
  readonly #energised = new Map<string, number>();
  readonly #drops = new Map<string, number>();
  readonly #spoilt = new Map<string, string>();
  readonly #misled = new Set<string>();
  readonly #lastAtKiosk = new Map<string, string>();
  readonly #lastOnSlot = new Map<string, string>();
  #strays = 0;
  /** Points that members were given, each purchase once. */
  issued = 0;
  /** Points of purchases that nobody has answered yet. */
  beingIssued = 0;
  readonly violations: string[] = [];

  /** A motor is about to turn for this redemption. */
  energise(kiosk: string, slot: number, redemptionId: string): void {
    if (redemptionId === '') this.violations.push(`${kiosk} turned slot ${String(slot)} for nobody`);
    const times = (this.#energised.get(redemptionId) ?? 0) + 1;
    this.#energised.set(redemptionId, times);
    this.#lastOnSlot.set(`${kiosk}/${String(slot)}`, redemptionId);
    this.#lastAtKiosk.set(kiosk, redemptionId);
    if (times > 1) this.violations.push(`${redemptionId} was energised ${String(times)} times`);
  }

  /** Something fell through the beam. */
  drop(kiosk: string, slot: number): void {
    const redemptionId = this.#lastOnSlot.get(`${kiosk}/${String(slot)}`);
    if (redemptionId === undefined) this.#strays += 1;
    else this.#drops.set(redemptionId, this.dropsOf(redemptionId) + 1);
    const latest = this.#lastAtKiosk.get(kiosk);
    if (latest !== undefined && latest !== redemptionId) this.#misled.add(latest);
  }

  /** Something is wrong with the slot while it turns for this redemption. */
  spoil(redemptionId: string, fault: string): void {
    this.#spoilt.set(redemptionId, fault);
  }

  /** True where the gift may have fallen after its absence was proven: late, or pushed down by a later one. */
  fellLate(redemptionId: string): boolean {
    const fault = this.#spoilt.get(redemptionId);
    return fault === 'late_drop' || fault === 'hang';
  }

  /**
   * True where a late gift of an earlier vend fell while this one was the latest: with one beam for all slots nothing can
   * tell it from this one's own, once this one's own could have come.
   */
  wasMisled(redemptionId: string): boolean {
    return this.#misled.has(redemptionId);
  }

  dropsOf(redemptionId: string): number {
    return this.#drops.get(redemptionId) ?? 0;
  }

  wasEnergised(redemptionId: string): boolean {
    return this.#energised.has(redemptionId);
  }

  get totals(): { energised: number; drops: number; strays: number } {
    const drops = [...this.#drops.values()].reduce((sum, count) => sum + count, 0);
    return { energised: this.#energised.size, drops: drops + this.#strays, strays: this.#strays };
  }
}
