import { problem, type Problem, type ProblemCode } from '@tessera/shared/problem';
import { kioskExchanges, type KioskEvent, type KioskRequest } from '@tessera/shared/protocol/kiosk';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';
import type { Cancel } from '@tessera/shared/ports';
import { err, type Result } from '@tessera/shared/result';
import * as z from 'zod/mini';
import { isUnavailable } from '../../platform/database/unavailable.ts';
import { reach } from '../../platform/failpoints.ts';
import type { KioskListener } from '../kiosks/index.ts';
import type { KioskConnection, KioskPeer } from './connection.ts';
import { greet, type Greeted } from './greet.ts';
import type { Sender } from './fenced.ts';
import { dispatch } from './handlers.ts';
import type { LinkServices } from './services.ts';

/** Messages of one connection that may be worked on at the same time. */
const IN_FLIGHT = 64;
/** Changes within this time are pushed together. */
const PUSH_AFTER_MS = 50;

/** The kiosks' door: who is connected, what they send, what they are sent. Knows nothing of the transport. */
export class KioskGateway implements KioskListener {
  readonly #services: LinkServices;
  readonly #online = new Map<string, Peer>();
  readonly #duePushes = new Map<string, Cancel>();

  constructor(services: LinkServices) {
    this.#services = services;
    services.signals.subscribe(this);
    services.metrics.gauge('tessera_kiosks_connected', 'Kiosks that have said hello', () => this.#online.size);
  }

  /** Takes a new connection: sends the challenge, gives the transport what it has to call. */
  connect(connection: KioskConnection): KioskPeer {
    return new Peer(this.#services, connection, this.#online);
  }

  isOnline(kioskId: string): boolean {
    return this.#online.has(kioskId);
  }

  /** Counts what the transport refused before it became a message. */
  refused(code: ProblemCode): void {
    this.#services.metrics.refused('kiosk', code);
  }

  configChanged(kioskId: string): void {
    if (!this.#online.has(kioskId) || this.#duePushes.has(kioskId)) return;
    const push = () => {
      this.#duePushes.delete(kioskId);
      void this.#pushConfig(kioskId);
    };
    this.#duePushes.set(kioskId, this.#services.scheduler.after(PUSH_AFTER_MS, push));
  }

  mustClose(kioskId: string, code: ProblemCode, below = Infinity): void {
    const peer = this.#online.get(kioskId);
    if (peer && peer.counter < below) peer.end(code);
  }

  /** Every kiosk gets what it keeps afresh; one that is no longer ours is told so at its next message. */
  missed(): void {
    for (const kioskId of this.#online.keys()) this.configChanged(kioskId);
  }

  /** Ends every connection; kiosks come back by themselves. */
  close(): void {
    for (const cancel of this.#duePushes.values()) cancel();
    for (const peer of [...this.#online.values()]) peer.end('unavailable');
  }

  async #pushConfig(kioskId: string): Promise<void> {
    const { kiosks, configs, database, clock, log } = this.#services;
    try {
      const config = await database.alone(async (db) => {
        const kiosk = await kiosks.find(db, kioskId);
        return kiosk && configs.of(db, kiosk, clock.nowMs());
      });
      if (config) this.#online.get(kioskId)?.push('config', config);
    } catch (cause) {
      log.event('kiosk.bug', { kioskId, event: 'config', error: String(cause) });
    }
  }
}

/** One connection: silent until hello, then one kiosk's, until a newer one or a revocation ends it. */
class Peer implements KioskPeer {
  readonly #services: LinkServices;
  readonly #connection: KioskConnection;
  readonly #online: Map<string, Peer>;
  readonly #nonce: string;
  readonly #cancelHello: Cancel;
  #sender: Sender | undefined;
  #greeting = false;
  #inFlight = 0;
  #ended = false;

  constructor(services: LinkServices, connection: KioskConnection, online: Map<string, Peer>) {
    const { chance, clock, scheduler, timeouts } = services;
    this.#services = services;
    this.#connection = connection;
    this.#online = online;
    this.#nonce = Buffer.from(chance.bytes(32)).toString('base64url');
    this.#cancelHello = scheduler.after(timeouts.helloMs, () => {
      if (!this.#sender) this.end('hello_required');
    });
    const serverTimeMs = clock.nowMs();
    this.push('challenge', { nonce: this.#nonce, protocols: [...PROTOCOL_VERSIONS], serverTimeMs });
  }

  /** The number of this connection; 0 before hello. */
  get counter(): number {
    return this.#sender?.counter ?? 0;
  }

  push: KioskConnection['push'] = (name, payload) => {
    if (this.#ended) return;
    reach(this.#services.failpoints, 'server.push.before');
    this.#connection.push(name, payload);
    reach(this.#services.failpoints, 'server.push.after');
  };

  async receive(event: string, payload: unknown): Promise<object> {
    const answer = await this.#answer(event, payload);
    if (answer.ok) return { ...answer.value, ok: true };
    this.#services.metrics.refused('kiosk', answer.error.code);
    return { ok: false, problem: answer.error };
  }

  closed(): void {
    this.#ended = true;
    this.#cancelHello();
    if (!this.#sender) return;
    const { kioskId } = this.#sender;
    if (this.#online.get(kioskId) === this) this.#online.delete(kioskId);
    this.#services.log.event('kiosk.disconnected', { kioskId });
  }

  /** Says why, and ends the connection. */
  end(code: ProblemCode): void {
    if (this.#ended) return;
    this.push('closing', { code });
    this.#connection.close();
    this.closed();
  }

  async #answer(event: string, payload: unknown): Promise<Result<object, Problem>> {
    if (!isKioskEvent(event)) return err(problem('malformed', { detail: 'There is no such message.' }));
    const request = z.safeParse(kioskExchanges[event].request, payload);
    if (!request.success) return err(invalid(request.error));
    if (this.#inFlight >= IN_FLIGHT) return err(problem('overloaded', { retryAfterMs: 1000 }));
    this.#inFlight += 1;
    try {
      if (this.#sender) return await dispatch(this.#services, this.#sender, event, request.data);
      if (event !== 'hello') return err(problem('hello_required'));
      return await this.#hello(request.data as KioskRequest<'hello'>);
    } catch (cause) {
      if (isUnavailable(cause)) return err(problem('unavailable', { retryAfterMs: 1000 }));
      this.#services.log.event('kiosk.bug', { event, error: String(cause), stack: stackOf(cause) });
      return err(problem('internal'));
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #hello(request: KioskRequest<'hello'>): Promise<Result<object, Problem>> {
    if (this.#greeting) return err(problem('in_flight'));
    this.#greeting = true;
    const greeted = await greet(this.#services, this.#nonce, request);
    this.#greeting = false;
    if (!greeted.ok) return greeted;
    this.#takeOver(greeted.value);
    return { ok: true, value: greeted.value.answer };
  }

  /** The books have made this connection the newest, unless an even newer one was quicker to get here. */
  #takeOver({ kioskId, counter }: Greeted): void {
    if (this.#ended) return;
    this.#sender = { kioskId, counter };
    this.#cancelHello();
    const other = this.#online.get(kioskId);
    if (other && other.counter > counter) {
      this.end('kiosk_superseded');
      return;
    }
    this.#online.set(kioskId, this);
    other?.end('kiosk_superseded');
    this.#services.log.event('kiosk.connected', { kioskId, counter });
  }
}

const isKioskEvent = (event: string): event is KioskEvent => Object.hasOwn(kioskExchanges, event);

/** Says which fields are wrong, never what was in them. */
function invalid(error: z.core.$ZodError): Problem {
  const fields = Object.fromEntries(error.issues.slice(0, 20).map((each) => [`/${each.path.join('/')}`, each.code]));
  return problem('invalid_fields', { fields });
}

const stackOf = (cause: unknown): string | undefined => (cause instanceof Error ? cause.stack : undefined);
