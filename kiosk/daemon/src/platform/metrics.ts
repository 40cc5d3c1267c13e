import { Counter, Gauge, Registry } from 'prom-client';

export type Door = 'ui' | 'http' | 'scanner' | 'card' | 'link';

/** What the daemon counts. The registry is its own, so that two daemons in one process do not mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #refusals = new Counter({
    name: 'tessera_kiosk_refusals_total',
    help: 'Messages refused, by door and problem code.',
    labelNames: ['door', 'code'],
    registers: [this.#registry],
  });
  readonly #redemptions = new Counter({
    name: 'tessera_kiosk_redemptions_total',
    help: 'Redemptions by how they ended on this kiosk.',
    labelNames: ['end'],
    registers: [this.#registry],
  });

  refused(door: Door, code: string): void {
    this.#refusals.inc({ door, code });
  }

  ended(end: string): void {
    this.#redemptions.inc({ end });
  }

  /** A figure that is read whenever somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
