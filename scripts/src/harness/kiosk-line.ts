import { createHash, type KeyObject } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { signHello } from '@tessera/kiosk-daemon/link/hello';
import { privateKeyOfSeed, publicKeyText } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import {
  KIOSK_NAMESPACE,
  type Challenge,
  type HelloBody,
  type KioskAnswer,
  type KioskEvent,
  type KioskRequest,
} from '@tessera/shared/protocol/kiosk';
import type { JournalHead, KioskConfig } from '@tessera/shared/protocol/kiosk-parts';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';

const DIAL_MS = 5_000;
const ANSWER_MS = 10_000;

type Greeting = { readonly answer: KioskAnswer<'hello'>; readonly socket: Socket };

/** A kiosk's end of the link without a machine below it: key, counter and journal head as a daemon keeps them. */
export class KioskLine {
  readonly #url: string;
  readonly #key: KeyObject;
  readonly #chance: Chance;
  #kioskId = '';
  #counter = 0;
  #generation = 0;
  #journal: JournalHead;
  #socket: Socket | undefined;
  #config: KioskConfig | undefined;

  constructor(url: string, chance: Chance) {
    this.#url = url;
    this.#chance = chance;
    this.#key = privateKeyOfSeed(chance.bytes(32));
    this.#journal = { epoch: this.newId(), seq: 0, hash: '0'.repeat(64) };
  }

  get kioskId(): string {
    return this.#kioskId;
  }

  /** Rises with each answered hello, which fences all older connections. */
  get generation(): number {
    return this.#generation;
  }

  get connected(): boolean {
    return this.#socket?.connected ?? false;
  }

  get config(): KioskConfig | undefined {
    return this.#config;
  }

  newId(): string {
    return newUlid({ nowMs: () => Date.now() }, this.#chance);
  }

  /** Appends a record to its journal: the head moves on. */
  write(): JournalHead {
    const { epoch, seq, hash } = this.#journal;
    const next = createHash('sha256')
      .update(`${hash}${String(seq)}`)
      .digest('hex');
    this.#journal = { epoch, seq: seq + 1, hash: next };
    return this.#journal;
  }

  /** Enrols with a one-use code. */
  async enrol(code: string): Promise<void> {
    const response = await fetch(`${this.#url}/v1/kiosk-enrolments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': this.newId() },
      body: JSON.stringify({ code, publicKey: publicKeyText(this.#key) }),
    });
    if (!response.ok) throw new Error(`The kiosk could not be enrolled: ${await response.text()}`);
    this.#kioskId = ((await response.json()) as { kioskId: string }).kioskId;
  }

  /** Dials and says hello, naming what is open; the new connection takes over. Undefined where nobody answers. */
  async greet(open: HelloBody['open']): Promise<Greeting['answer'] | undefined> {
    const greeting = await this.#greet(open).catch(() => undefined);
    if (!greeting?.answer.ok) return greeting?.answer;
    this.cut();
    this.#socket = greeting.socket;
    this.#generation += 1;
    this.#config = greeting.answer.config;
    greeting.socket.on('config', (config: KioskConfig) => (this.#config = config));
    return greeting.answer;
  }

  /** Asks; undefined where no answer came. */
  async ask<Name extends KioskEvent>(event: Name, request: KioskRequest<Name>): Promise<KioskAnswer<Name> | undefined> {
    const socket = this.#socket;
    if (!socket?.connected) return undefined;
    try {
      return (await socket.timeout(ANSWER_MS).emitWithAck(event, request)) as KioskAnswer<Name>;
    } catch {
      return undefined;
    }
  }

  /** Drops the connection with all that is under way on it. */
  cut(): void {
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  async #greet(open: HelloBody['open']): Promise<Greeting> {
    const options = { transports: ['websocket'], reconnection: false, forceNew: true, timeout: DIAL_MS };
    const socket = io(`${this.#url}${KIOSK_NAMESPACE}`, options);
    try {
      const { nonce } = await new Promise<Challenge>((resolve, reject) => {
        socket.once('challenge', resolve);
        socket.once('connect_error', reject);
        socket.once('disconnect', () => reject(new Error('disconnected')));
      });
      this.#counter += 1;
      const said: HelloBody = {
        kioskId: this.#kioskId,
        protocols: [...PROTOCOL_VERSIONS],
        software: 'line',
        journal: this.#journal,
        counter: this.#counter,
        open,
        configRevision: 0,
      };
      const answer = (await socket
        .timeout(ANSWER_MS)
        .emitWithAck('hello', signHello(said, nonce, this.#key))) as KioskAnswer<'hello'>;
      if (!answer.ok) socket.disconnect();
      return { answer, socket };
    } catch (error) {
      socket.disconnect();
      throw error;
    }
  }
}
