/** Counters by name and one label, shown as Prometheus text. */
export class Counters {
  readonly #values = new Map<string, number>();
  readonly #abouts: Readonly<Record<string, string>>;

  /** @param abouts every counter that there is, with what it counts */
  constructor(abouts: Readonly<Record<string, string>>) {
    this.#abouts = abouts;
  }

  /** Counts one; `label` looks like `code="malformed"`. */
  count(name: string, label: string): void {
    const key = `${name}{${label}}`;
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1);
  }

  /** All of them in Prometheus' text format. */
  text(): string {
    return Object.entries(this.#abouts)
      .map(([name, about]) => {
        const rows = [...this.#values].filter(([key]) => key.startsWith(`${name}{`));
        return [
          `# HELP ${name} ${about}`,
          `# TYPE ${name} counter`,
          ...rows.map(([key, value]) => `${key} ${String(value)}`),
        ];
      })
      .flat()
      .join('\n')
      .concat('\n');
  }
}

/** What the cabinet counts. */
export const cabinetCounters = (): Counters =>
  new Counters({
    tessera_cabinet_refusals_total: 'Requests and messages that were refused, by door and problem code.',
    tessera_cabinet_reads_total: 'Scans and cards presented, by device and whether the device passed them on.',
  });
