import { createHash } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { signHello } from '@tessera/kiosk-daemon/link/hello';
import { privateKeyOfSeed } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import { KIOSK_NAMESPACE, type Challenge, type HelloBody, type KioskRequest } from '@tessera/shared/protocol/kiosk';
import { systemChance, systemClock } from '@tessera/hardware/platform/system';
import type { EnrolledKiosk } from './found.ts';

const DIAL_MS = 60_000;

/** What a kiosk hears while nobody stands before it, in ms since the epoch. */
export type Heard = { readonly pings: readonly number[]; readonly configs: readonly number[] };

/** A kiosk that only is there: it says hello, answers heartbeats, and takes the configuration. */
export class IdleKiosk {
  readonly #enrolled: EnrolledKiosk;
  readonly #epoch = newUlid(systemClock, systemChance);
  #counter = 0;
  #socket: Socket | undefined;
  #pings: number[] = [];
  #configs: number[] = [];

  constructor(enrolled: EnrolledKiosk) {
    this.#enrolled = enrolled;
  }

  /** Connects and says hello; resolves when it is let in, rejects where it is not. */
  async arrive(url: string): Promise<void> {
    const options = { transports: ['websocket'], reconnection: false, forceNew: true, timeout: DIAL_MS };
    const socket = io(`${url}${KIOSK_NAMESPACE}`, options);
    this.#socket = socket;
    const { nonce } = await new Promise<Challenge>((resolve, reject) => {
      socket.once('challenge', resolve);
      socket.once('connect_error', reject);
    });
    socket.io.on('ping', () => this.#pings.push(Date.now()));
    socket.on('config', () => this.#configs.push(Date.now()));
    const answer: unknown = await socket.timeout(DIAL_MS).emitWithAck('hello', this.#hello(nonce));
    if ((answer as { ok?: unknown }).ok !== true) throw new Error(`Hello was refused: ${JSON.stringify(answer)}`);
  }

  /** The cable is pulled. */
  leave(): void {
    this.#socket?.io.engine.close();
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  /** What was heard since it was asked last. */
  heard(): Heard {
    const heard = { pings: this.#pings, configs: this.#configs };
    this.#pings = [];
    this.#configs = [];
    return heard;
  }

  #hello(nonce: string): KioskRequest<'hello'> {
    this.#counter += 1;
    const { kioskId, seed } = this.#enrolled;
    const said: HelloBody = {
      kioskId,
      counter: this.#counter,
      configRevision: 0,
      protocols: [1],
      software: 'bench',
      journal: { epoch: this.#epoch, seq: 1, hash: createHash('sha256').update(this.#epoch).digest('hex') },
      open: [],
    };
    return signHello(said, nonce, privateKeyOfSeed(Buffer.from(seed, 'hex')));
  }
}
