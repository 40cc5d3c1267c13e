import * as z from 'zod/mini';

/** What `GET /state` says, as far as proofs need it. */
const stateSchema = z.object({
  slots: z.array(z.object({ slot: z.int(), goods: z.int(), relay: z.boolean(), pulses: z.int() })),
  drops: z.array(z.object({ seq: z.int(), slot: z.int(), atMs: z.number() })),
  tray: z.int(),
});
export type CabinetState = z.infer<typeof stateSchema>;

/** The cabinet's HTTP face: the physical truth, and everything that hands can do. */
export class Cabinet {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async state(): Promise<CabinetState> {
    const response = await fetch(`${this.#url}/state`);
    return z.parse(stateSchema, await response.json());
  }

  /** Holds a text before the scanner. */
  scan(text: string): Promise<void> {
    return this.#post('/scan', { text });
  }

  /** Holds a card before the reader. */
  tap(uid: string): Promise<void> {
    return this.#post('/card', { uid });
  }

  fault(request: {
    readonly slot?: number;
    readonly device?: string;
    readonly fault: string;
    readonly times?: number;
  }): Promise<void> {
    return this.#post('/faults', request);
  }

  /** Mends all, or only what is named. */
  mend(what: { readonly slot?: number; readonly device?: string } = {}): Promise<void> {
    return this.#post('/faults', { ...what, fault: 'none' });
  }

  fill(slot: number, goods: number): Promise<void> {
    return this.#post(`/slots/${String(slot)}/goods`, { goods });
  }

  takeGift(): Promise<void> {
    return this.#post('/tray/pickup', {});
  }

  openDoor(open: boolean): Promise<void> {
    return this.#post('/door', { open });
  }

  async #post(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // An answer that is not read keeps its connection until somebody collects the garbage.
    const answer = await response.text();
    if (!response.ok) throw new Error(`POST ${path} at the cabinet: ${String(response.status)} ${answer}`);
  }
}
