import { newUlid } from '@tessera/shared/ids/ulid';
import type { Door } from './door.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

export type WatchDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly weather: () => Weather;
  readonly trace: (text: string) => void;
  readonly violate: (text: string) => void;
};

/** One message that the server has answered. */
export type Exchange = {
  /** The connection it came on: one object each. */
  readonly cable: object;
  readonly door: Door;
  readonly peer: ReturnType<Door['open']>;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
  readonly arrivedMs: number;
};

/** Within this a scanner repeats itself; a little more, because the answer takes its time. */
const SCANNER_REPEATS_MS = 3_500;

/**
 * Stands at the server's end of one kiosk's wire. It holds what each answer may not be against what went before, and plays
 * an intruder who has heard everything and says it again.
 */
export class Watch {
  #newest: { readonly cable: object; readonly atMs: number } | undefined;
  #lastAuthorise: Readonly<Record<string, unknown>> | undefined;
  readonly #ended = new Map<unknown, number>();
  readonly #authorised = new Set<unknown>();
  readonly #firstAsked = new Map<unknown, number>();

  /** @param codes each member's code that opened a session, where and when: of all kiosks */
  constructor(
    private readonly deps: WatchDependencies,
    private readonly kiosk: string,
    private readonly codes: Map<unknown, { readonly kiosk: string; readonly atMs: number }>,
  ) {}

  /** The kiosk sends something: from the first authorise on, its vendBy runs. */
  sent(event: string, payload: Readonly<Record<string, unknown>>): void {
    const { redemptionId } = payload;
    if (event !== 'authorise' || this.#firstAsked.has(redemptionId)) return;
    this.#firstAsked.set(redemptionId, this.deps.time.nowMs);
  }

  /** When authorise was sent first for a redemption; undefined for an order of the web. */
  firstAskedMs(redemptionId: string): number | undefined {
    return this.#firstAsked.get(redemptionId);
  }

  answered(exchange: Exchange): void {
    if (exchange.answer['ok'] !== true) return;
    const { event, cable, arrivedMs } = exchange;
    if (event === 'hello') this.#greeted(exchange);
    else if (this.#newest && this.#newest.cable !== cable && arrivedMs > this.#newest.atMs)
      this.deps.violate(`${this.kiosk}: ${event} of a fenced connection was taken`);
    if (event === 'identify') this.#identified(exchange);
    if (event === 'end_session') this.#sessionEnded(exchange);
    if (event === 'authorise') this.#wasAuthorised(exchange);
  }

  #greeted(exchange: Exchange): void {
    this.#newest = { cable: exchange.cable, atMs: this.deps.time.nowMs };
    if (this.#intrudes()) void this.#replayHello(exchange);
  }

  #identified({ payload, arrivedMs }: Exchange): void {
    if (payload['kind'] !== 'qr') return;
    const used = this.codes.get(payload['text']);
    if (used && (used.kiosk !== this.kiosk || arrivedMs - used.atMs > SCANNER_REPEATS_MS))
      this.deps.violate(`${this.kiosk}: a code that was used at ${used.kiosk} opened a second session`);
    if (!used) this.codes.set(payload['text'], { kiosk: this.kiosk, atMs: arrivedMs });
  }

  #sessionEnded(exchange: Exchange): void {
    const { sessionId } = exchange.payload;
    this.#ended.set(sessionId, exchange.arrivedMs);
    const last = this.#lastAuthorise;
    if (last?.['sessionId'] === sessionId && this.#intrudes()) void this.#useEndedSession(exchange, { ...last });
  }

  #wasAuthorised({ payload, arrivedMs }: Exchange): void {
    const { sessionId, redemptionId } = payload;
    const endedMs = this.#ended.get(sessionId);
    if (endedMs !== undefined && endedMs < arrivedMs && !this.#authorised.has(redemptionId))
      this.deps.violate(`${this.kiosk}: an ended session gave ${String(redemptionId)}`);
    this.#authorised.add(redemptionId);
    this.#lastAuthorise = payload;
  }

  #intrudes(): boolean {
    return this.deps.chance.happens(this.deps.weather().intruderPerMessage);
  }

  /** The signed hello of before, on a connection of the intruder's own: its nonce is another one. */
  async #replayHello({ door, payload }: Exchange): Promise<void> {
    if (!door.life.isAlive()) return;
    this.deps.trace(`${this.kiosk} intruder says hello again`);
    const peer = door.open({ push: () => undefined, close: () => undefined });
    const answer = await peer.receive('hello', payload);
    if (!door.life.isAlive()) return;
    const code = codeOf(answer);
    if (code !== 'bad_signature')
      this.deps.violate(`${this.kiosk}: a hello that was heard before was taken for real: ${code}`);
    peer.closed();
  }

  /** The session of before, with an id of the intruder's own. */
  async #useEndedSession({ peer, door }: Exchange, heard: Readonly<Record<string, unknown>>): Promise<void> {
    const { time, chance, trace, violate } = this.deps;
    trace(`${this.kiosk} intruder uses an ended session`);
    const redemptionId = newUlid(time.clock(), chance);
    const answer = await peer.receive('authorise', { ...heard, redemptionId });
    if (door.life.isAlive() && codeOf(answer) === 'ok') violate(`${this.kiosk}: an ended session gave ${redemptionId}`);
  }
}

/** `ok`, or why not. */
function codeOf(answer: object): string {
  const { ok, problem } = answer as { ok?: boolean; problem?: { code?: string } };
  return ok === true ? 'ok' : (problem?.code ?? 'unknown');
}
