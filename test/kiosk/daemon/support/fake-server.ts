import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Transport, TransportConnection, TransportHandlers } from '@tessera/kiosk-daemon/link/transport';
import { verifyFor } from '@tessera/shared/credentials/signature';
import { advance } from '@tessera/shared/machine';
import { refuse, type ProblemCode } from '@tessera/shared/problem';
import {
  helloBodySchema,
  kioskExchanges,
  type HelloBody,
  type KioskEvent,
  type KioskRequest,
} from '@tessera/shared/protocol/kiosk';
import type { KioskConfig } from '@tessera/shared/protocol/kiosk-parts';
import { books, type BookEvent, type BookState } from '@tessera/shared/redemption/books';
import type { Scheduler } from '@tessera/shared/ports';
import { idOf, sampleConfig } from './samples.ts';

const NONCE = 'n'.repeat(43);

type Sent = { [Name in KioskEvent]: { readonly name: Name; readonly request: KioskRequest<Name> } }[KioskEvent];

/** A server in one object: it speaks the protocol, checks what it is sent by schema, and keeps the books by their table. */
export class FakeServer {
  config: KioskConfig = sampleConfig();
  ledgerEpoch = idOf(50);
  points = 1000;
  up = true;
  /** Messages that are neither taken nor answered. */
  readonly deaf = new Set<KioskEvent>();
  /** Messages that are taken, but whose answer is lost. */
  readonly mute = new Set<KioskEvent>();
  /** Messages that are refused with a code. */
  readonly refusing = new Map<KioskEvent, ProblemCode>();
  readonly books = new Map<string, BookState>();
  readonly sent: Sent[] = [];
  readonly hellos: HelloBody[] = [];
  vendByMs = 30_000;
  #handlers: TransportHandlers | null = null;

  constructor(
    private readonly time: Scheduler & { readonly nowMs: number },
    private readonly publicKey: () => KeyObject,
  ) {}

  /** The transport of one daemon; a dead daemon's connection is cut, and never heard again. */
  attach(isAlive: () => boolean): Transport {
    return { connect: (handlers) => this.#connect(handlers, isAlive) };
  }

  get connected(): boolean {
    return this.#handlers !== null;
  }

  /** Requests of one name, in order. */
  of<Name extends KioskEvent>(name: Name): KioskRequest<Name>[] {
    return this.sent.filter((each) => each.name === name).map(({ request }) => request as KioskRequest<Name>);
  }

  push(config: KioskConfig): void {
    this.config = config;
    this.#handlers?.push('config', config);
  }

  pushRaw(name: string, payload: unknown): void {
    this.#handlers?.push(name, payload);
  }

  /** Ends the connection, with the reason first where there is one. */
  cut(code?: string): void {
    const handlers = this.#handlers;
    if (code !== undefined) handlers?.push('closing', { code });
    this.#handlers = null;
    handlers?.closed('cut');
  }

  #connect(handlers: TransportHandlers, isAlive: () => boolean): TransportConnection {
    let isOpen = true;
    const closed = (reason: string): void => {
      if (!isOpen) return;
      isOpen = false;
      if (isAlive()) handlers.closed(reason);
    };
    const mine: TransportHandlers = {
      push: (name, payload) => isOpen && hear(isAlive, () => handlers.push(name, payload)),
      closed,
    };
    this.#later(() => {
      if (!this.up) {
        closed('refused');
        return;
      }
      this.#handlers = mine;
      mine.push('challenge', { nonce: NONCE, protocols: [1], serverTimeMs: this.time.nowMs });
    });
    return {
      send: (name, payload, onAnswer) => {
        this.#later(() => {
          if (!isOpen || !isAlive() || this.#handlers !== mine || this.deaf.has(name)) return;
          const answer = this.#take(name, payload);
          if (this.mute.has(name)) return;
          this.#later(() => {
            if (isOpen) hear(isAlive, () => onAnswer(answer));
          });
        });
      },
      close: () => {
        if (this.#handlers === mine) this.#handlers = null;
        closed('closed by the daemon');
      },
    };
  }

  #take(name: KioskEvent, payload: unknown): unknown {
    const request = kioskExchanges[name].request.parse(JSON.parse(JSON.stringify(payload)));
    this.sent.push({ name, request } as Sent);
    const refusal = this.refusing.get(name);
    if (refusal) return refuse(refusal);
    return this.#answer({ name, request } as Sent);
  }

  #answer({ name, request }: Sent): unknown {
    switch (name) {
      case 'hello':
        return this.#hello(request);
      case 'identify':
        return {
          ok: true,
          sessionId: idOf(60),
          member: { maskedName: 'W•• L••', points: this.points, language: 'en', receiptTo: 'w•••@x', limited: [] },
        };
      case 'authorise': {
        const state = this.#book(request.redemptionId, 'authorise');
        return {
          ok: true,
          state,
          vendByMs: this.vendByMs,
          pointsAfter: this.points - request.price,
          grant: `g-${request.redemptionId}`,
        };
      }
      case 'abandon':
        return { ok: true, state: this.#book(request.redemptionId, 'abandon') };
      case 'vending':
        return { ok: true, state: this.#book(request.redemptionId, 'vending') };
      case 'revoked':
        return { ok: true, state: this.#book(request.redemptionId, 'revoked') };
      case 'outcome': {
        const state = this.#book(request.redemptionId, request.outcome);
        return { ok: true, state, points: null };
      }
      case 'replay_grant':
        return { ok: true, state: 'captured' };
      case 'end_session':
      case 'variance':
      case 'status':
        return { ok: true };
    }
  }

  #hello({ body, signature }: KioskRequest<'hello'>): unknown {
    const said = helloBodySchema.parse(JSON.parse(body));
    this.hellos.push(said);
    if (!verifyFor('kiosk-hello', `${NONCE}\n${body}`, signature, this.publicKey())) return refuse('bad_signature');
    const redemptions = said.open.map(({ redemptionId }) => ({
      redemptionId,
      state: this.books.get(redemptionId) ?? 'none',
    }));
    return {
      ok: true,
      protocol: 1,
      serverTimeMs: this.time.nowMs,
      ledgerEpoch: this.ledgerEpoch,
      config: this.config,
      redemptions,
    };
  }

  #book(id: string, event: BookEvent): BookState {
    const before = this.books.get(id) ?? 'none';
    const step = advance(books, before, event);
    const after = step.ok ? step.value.to : before;
    this.books.set(id, after);
    return after;
  }

  #later(run: () => void): void {
    this.time.after(3, run);
  }
}

/** Lets a daemon hear something; what it throws while it dies of it is its own affair. */
function hear(isAlive: () => boolean, tell: () => void): void {
  if (!isAlive()) return;
  try {
    tell();
  } catch (error) {
    if (isAlive()) throw error;
  }
}

export const publicOf = (key: KeyObject): KeyObject => createPublicKey(key);
