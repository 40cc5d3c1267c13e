/** What physically happened, by redemption, as the simulation sees it from outside: nobody inside can change it. */
export class Truth {
  readonly #energised = new Map<string, number>();
  readonly #drops = new Map<string, number>();
  readonly #lastOnSlot = new Map<string, string>();
  #strays = 0;
  readonly violations: string[] = [];

  /** A motor is about to turn for this redemption. */
  energise(kiosk: string, slot: number, redemptionId: string): void {
    const times = (this.#energised.get(redemptionId) ?? 0) + 1;
    this.#energised.set(redemptionId, times);
    this.#lastOnSlot.set(`${kiosk}/${String(slot)}`, redemptionId);
    if (times > 1) this.violations.push(`${redemptionId} was energised ${String(times)} times`);
  }

  /** Something fell through the beam. */
  drop(kiosk: string, slot: number): void {
    const redemptionId = this.#lastOnSlot.get(`${kiosk}/${String(slot)}`);
    if (redemptionId === undefined) this.#strays += 1;
    else this.#drops.set(redemptionId, this.dropsOf(redemptionId) + 1);
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
