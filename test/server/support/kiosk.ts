import { createHash, type KeyObject } from 'node:crypto';
import { privateKeyOfSeed, publicKeyText, signFor } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import type { Challenge, HelloBody, KioskAnswer, KioskEvent, KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Evidence, JournalHead, KioskConfig, Outcome } from '@tessera/shared/protocol/kiosk-parts';

/** How a fake kiosk reaches its server: a socket, or the gateway itself. */
export interface Wire {
  readonly challenge: Challenge;
  send(event: string, payload: unknown): Promise<unknown>;
}

const EVIDENCE: Record<Outcome, Evidence> = {
  dropped: { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', pulseMs: 300, reason: 'drop_seen' },
  not_dropped: { drops: 0, beamBefore: 'alive', beamAfter: 'alive', rotated: 'no', reason: 'no_rotation' },
  unknown: { drops: 0, beamBefore: 'alive', beamAfter: 'dead', rotated: 'yes', pulseMs: 300, reason: 'beam_blind' },
};

type Fine<Name extends KioskEvent> = Extract<KioskAnswer<Name>, { ok: true }>;

/** What a kiosk's daemon keeps and says, without a machine below it. */
export class FakeKiosk {
  readonly #clock: Clock;
  readonly #chance: Chance;
  #key: KeyObject;
  kioskId = '';
  counter = 0;
  journal: JournalHead;
  config: KioskConfig | undefined;
  sessionId = '';
  wire: Wire | undefined;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
    this.#key = privateKeyOfSeed(chance.bytes(32));
    this.journal = { epoch: newUlid(clock, chance), seq: 0, hash: '0'.repeat(64) };
  }

  get publicKey(): string {
    return publicKeyText(this.#key);
  }

  /** What a device does before it enrols. */
  makeKey(): void {
    this.#key = privateKeyOfSeed(this.#chance.bytes(32));
    this.counter = 0;
  }

  newId(): string {
    return newUlid(this.#clock, this.#chance);
  }

  /** Appends a record to its journal: the head moves on. */
  write(): JournalHead {
    const hash = createHash('sha256')
      .update(`${this.journal.hash}${String(this.journal.seq)}`)
      .digest('hex');
    this.journal = { ...this.journal, seq: this.journal.seq + 1, hash };
    return this.journal;
  }

  /** The signed greeting for a challenge; `change` bends the body before it is signed. */
  greeting(challenge: Challenge, open: HelloBody['open'] = [], change: Partial<HelloBody> = {}): KioskRequest<'hello'> {
    this.counter += 1;
    const body = JSON.stringify({
      kioskId: this.kioskId,
      protocols: [1],
      software: 'test',
      journal: this.journal,
      counter: this.counter,
      open,
      configRevision: 0,
      ...change,
    });
    return { body, signature: signFor('kiosk-hello', `${challenge.nonce}\n${body}`, this.#key) };
  }

  /** Says hello on a new wire and uses it from now on. */
  async hello(
    wire: Wire,
    open: HelloBody['open'] = [],
    change: Partial<HelloBody> = {},
  ): Promise<KioskAnswer<'hello'>> {
    const answer = (await wire.send('hello', this.greeting(wire.challenge, open, change))) as KioskAnswer<'hello'>;
    if (answer.ok) {
      this.wire = wire;
      this.config = answer.config;
    }
    return answer;
  }

  async ask<Name extends KioskEvent>(event: Name, request: KioskRequest<Name>): Promise<KioskAnswer<Name>> {
    if (!this.wire) throw new Error('not connected');
    return (await this.wire.send(event, request)) as KioskAnswer<Name>;
  }

  /** Asks and expects a success. */
  async must<Name extends KioskEvent>(event: Name, request: KioskRequest<Name>): Promise<Fine<Name>> {
    const answer = await this.ask(event, request);
    if (!answer.ok) throw new Error(`${event}: ${JSON.stringify(answer.problem)}`);
    return answer as Fine<Name>;
  }

  async identify(request: KioskRequest<'identify'>): Promise<KioskAnswer<'identify'>> {
    const answer = await this.ask('identify', request);
    if (answer.ok) this.sessionId = answer.sessionId;
    return answer;
  }

  /** Authorises the gift of a slot, as shown. */
  authorise(
    redemptionId: string,
    slot: number,
    change: Partial<KioskRequest<'authorise'>> = {},
  ): Promise<KioskAnswer<'authorise'>> {
    const { planogram, rewards } = this.config ?? { planogram: { version: 0, slots: [] }, rewards: [] };
    const rewardId = planogram.slots.find((each) => each.slot === slot)?.rewardId ?? '';
    return this.ask('authorise', {
      redemptionId,
      sessionId: this.sessionId,
      rewardId,
      slot,
      price: rewards.find((each) => each.rewardId === rewardId)?.price ?? 0,
      planogramVersion: planogram.version,
      journalHead: this.write(),
      ...change,
    });
  }

  vending(redemptionId: string, slot: number): Promise<KioskAnswer<'vending'>> {
    return this.ask('vending', { redemptionId, slot, journalHead: this.write() });
  }

  outcome(
    redemptionId: string,
    slot: number,
    outcome: Outcome,
    evidence: Partial<Evidence> = {},
  ): Promise<KioskAnswer<'outcome'>> {
    const journalHead = this.write();
    return this.ask('outcome', {
      redemptionId,
      slot,
      outcome,
      evidence: { ...EVIDENCE[outcome], ...evidence },
      journalHead,
    });
  }
}
