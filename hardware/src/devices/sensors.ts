import type { Scheduler } from '@tessera/shared/ports';
import { Backoff } from '../platform/backoff.ts';
import type { Edge, InputClaim, InputDriver, OutputLine } from '../ports.ts';

export type SensorsDependencies = {
  readonly inputs: InputDriver;
  readonly lines: readonly OutputLine[];
  readonly scheduler: Scheduler;
  readonly retry: { readonly firstMs: number; readonly mostMs: number };
};

/** All sensors of a cabinet with their present levels; opened again by itself whenever they are lost. */
export class Sensors {
  readonly #deps: SensorsDependencies;
  readonly #backoff: Backoff;
  readonly #levels = new Map<number, boolean>();
  readonly #edgeListeners: ((edge: Edge) => void)[] = [];
  readonly #openListeners: ((open: boolean) => void)[] = [];
  #claim: InputClaim | undefined;
  #closed = false;

  constructor(deps: SensorsDependencies) {
    this.#deps = deps;
    this.#backoff = new Backoff(deps.scheduler, deps.retry);
  }

  get open(): boolean {
    return this.#claim !== undefined;
  }

  onOpen(listener: (open: boolean) => void): void {
    this.#openListeners.push(listener);
  }

  onEdge(listener: (edge: Edge) => void): void {
    this.#edgeListeners.push(listener);
  }

  /** The last known level; undefined while the sensors are lost. */
  level(line: number): boolean | undefined {
    return this.open ? this.#levels.get(line) : undefined;
  }

  /** Opens all lines and reads them once; tries until it can. Answers after the first try. */
  async start(): Promise<void> {
    const opened = await this.#deps.inputs.open(this.#deps.lines);
    if (!opened.ok) {
      this.#again();
      return;
    }
    const claim = opened.value;
    const state = { lost: false };
    claim.onLost(() => {
      state.lost = true;
      this.#lose(claim);
    });
    this.#levels.clear();
    claim.onEdge((edge) => {
      this.#levels.set(edge.line, edge.active);
      if (this.#claim === claim) for (const listener of this.#edgeListeners) listener(edge);
    });
    const allRead = await this.#readAll(claim);
    if (allRead && !state.lost && !this.#closed) {
      this.#backoff.reset();
      this.#claim = claim;
      this.#tell(true);
      return;
    }
    await claim.close();
    if (!state.lost) this.#again();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#backoff.stop();
    const claim = this.#claim;
    this.#claim = undefined;
    await claim?.close();
  }

  async #readAll(claim: InputClaim): Promise<boolean> {
    const reads = await Promise.all(
      this.#deps.lines.map(async ({ line }) => ({ line, level: await claim.read(line) })),
    );
    for (const { line, level } of reads) {
      if (!level.ok) return false;
      // An edge that came meanwhile is newer than what was read.
      if (!this.#levels.has(line)) this.#levels.set(line, level.value);
    }
    return true;
  }

  #lose(claim: InputClaim): void {
    const wasOpen = this.#claim === claim;
    if (wasOpen) this.#claim = undefined;
    if (wasOpen) this.#tell(false);
    this.#again();
  }

  #again(): void {
    if (!this.#closed) this.#backoff.retry(() => void this.start());
  }

  #tell(open: boolean): void {
    for (const listener of this.#openListeners) listener(open);
  }
}
