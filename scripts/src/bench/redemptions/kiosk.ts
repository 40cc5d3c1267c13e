import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import { signHello } from '@tessera/kiosk-daemon/link/hello';
import { privateKeyOfSeed } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { HelloBody, KioskEvent, KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import type { BenchInstallation } from './fleet.ts';

/** How a kiosk's messages reach the server: over a socket, or by a function call. Answers the acknowledgement as it came. */
export type Ask = (event: KioskEvent, request: object) => Promise<unknown>;

/** How long the two answers of one redemption took, in ms. */
export type Timing = { readonly authorise: number; readonly outcome: number };

type Granted = Readonly<Record<string, unknown>> & { readonly ok: true };

/** The key that the device made for itself. */
export const deviceKey = ({ seed }: BenchInstallation): KeyObject => privateKeyOfSeed(Buffer.from(seed, 'hex'));

const clock = { nowMs: () => Date.now() };
const chance = { bytes: (count: number) => randomBytes(count) };

/** A kiosk reduced to what the server sees of it: the messages of the daemon, in its order, with a journal that only counts. */
export class BenchKiosk {
  readonly #ask: Ask;
  readonly #id: string;
  readonly #installation: BenchInstallation;
  readonly #epoch = newUlid(clock, chance);
  #seq = 1;
  #session = '';
  #planogramVersion = 0;
  #turn = 0;

  constructor(ask: Ask, id: string, installation: BenchInstallation) {
    this.#ask = ask;
    this.#id = id;
    this.#installation = installation;
  }

  /** Answers the server's challenge as the daemon does. */
  async greet(nonce: string): Promise<void> {
    const key = deviceKey(this.#installation);
    const said: HelloBody = {
      kioskId: this.#id,
      counter: 1,
      configRevision: 0,
      protocols: [1],
      software: 'bench',
      journal: this.#head(0),
      open: [],
    };
    const welcome = granted('hello', await this.#ask('hello', signHello(said, nonce, key)));
    this.#planogramVersion = (welcome['config'] as { planogram: { version: number } }).planogram.version;
  }

  /** Lets a member sign in, its own one unless it is told another; a session lasts ten minutes. */
  async signIn({ memberId, pin } = this.#installation.member): Promise<void> {
    const request: KioskRequest<'identify'> = { kind: 'member_id', memberId, pin };
    this.#session = granted('identify', await this.#ask('identify', request))['sessionId'] as string;
  }

  /** One redemption: authorise, the notice of vending that nobody waits for, the outcome. */
  async redeem(): Promise<Timing> {
    const { slots } = this.#installation;
    const slot = slots[this.#turn++ % slots.length];
    if (!slot) throw new Error('A kiosk of the bench has slots.');
    const redemptionId = newUlid(clock, chance);
    const started = performance.now();
    const authorise: KioskRequest<'authorise'> = {
      redemptionId,
      sessionId: this.#session,
      ...slot,
      planogramVersion: this.#planogramVersion,
      journalHead: this.#head(1),
    };
    granted('authorise', await this.#ask('authorise', authorise));
    const authorised = performance.now();
    const vending: KioskRequest<'vending'> = { redemptionId, slot: slot.slot, journalHead: this.#head(2) };
    const noticed = this.#ask('vending', vending);
    const outcome: KioskRequest<'outcome'> = {
      redemptionId,
      slot: slot.slot,
      outcome: 'dropped',
      evidence: {
        drops: 1,
        beamBefore: 'alive',
        beamAfter: 'alive',
        rotated: 'yes',
        pulseMs: 1200,
        reason: 'drop_seen',
      },
      journalHead: this.#head(1),
    };
    const settled = granted('outcome', await this.#ask('outcome', outcome));
    const ended = performance.now();
    if (settled['state'] !== 'captured') throw new Error(`A gift that fell was ${String(settled['state'])}.`);
    granted('vending', await noticed);
    return { authorise: authorised - started, outcome: ended - authorised };
  }

  #head(records: number): JournalHead {
    this.#seq += records;
    const hash = createHash('sha256')
      .update(`${this.#epoch}${String(this.#seq)}`)
      .digest('hex');
    return { epoch: this.#epoch, seq: this.#seq, hash };
  }
}

function granted(event: KioskEvent, answer: unknown): Granted {
  const { ok } = answer as { ok?: unknown };
  if (ok !== true) throw new Error(`${event} was refused: ${JSON.stringify(answer)}`);
  return answer as Granted;
}
