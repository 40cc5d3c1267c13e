/** What others must do once a change to a kiosk is on disk. */
export interface KioskListener {
  /** Something that the kiosk keeps (planogram, rewards, revoked orders) changed. */
  configChanged(kioskId: string): void;
  /** Connections of this kiosk must end; the code says why. */
  mustClose(kioskId: string, code: 'kiosk_revoked' | 'journal_lost'): void;
}

/** Passes signals from the books to whoever holds the connections. */
export class KioskSignals implements KioskListener {
  readonly #listeners: KioskListener[] = [];

  subscribe(listener: KioskListener): void {
    this.#listeners.push(listener);
  }

  configChanged(kioskId: string): void {
    for (const listener of this.#listeners) listener.configChanged(kioskId);
  }

  mustClose(kioskId: string, code: 'kiosk_revoked' | 'journal_lost'): void {
    for (const listener of this.#listeners) listener.mustClose(kioskId, code);
  }
}
