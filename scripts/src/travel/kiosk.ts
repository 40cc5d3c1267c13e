import { createHash, type KeyObject } from 'node:crypto';
import type { Server } from '@tessera/server/app';
import { signHello } from '@tessera/kiosk-daemon/link/hello';
import { privateKeyOfSeed, publicKeyText } from '@tessera/shared/credentials/signature';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Clock } from '@tessera/shared/ports';
import type { KioskAnswer, KioskEvent, KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import * as z from 'zod';
import type { SeededChance } from '../simulate/seeded-chance.ts';
import { Broken, type Desk } from './desk.ts';

type Peer = ReturnType<Server['mainJob']['gateway']['connect']>;

const EVIDENCE = {
  dropped: { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', pulseMs: 900, reason: 'drop_seen' },
  not_dropped: { drops: 0, beamBefore: 'alive', beamAfter: 'alive', rotated: 'no', pulseMs: 900, reason: 'no_turn' },
} as const;

/** A kiosk reduced to what the server sees of it: the daemon's messages in their order, with a journal that only counts. */
export class TravelKiosk {
  readonly #server: Server;
  readonly #parts: { readonly clock: Clock; readonly chance: SeededChance };
  readonly #key: KeyObject;
  readonly #epoch: string;
  kioskId = '';
  /** How many pieces are really in each slot. */
  readonly goods = new Map<number, number>();
  #seq = 0;
  #counter = 0;
  #peer: Peer | undefined;
  #config: Extract<KioskAnswer<'hello'>, { ok: true }>['config'] | undefined;

  constructor(server: Server, clock: Clock, chance: SeededChance) {
    this.#server = server;
    this.#parts = { clock, chance };
    this.#key = privateKeyOfSeed(chance.bytes(32));
    this.#epoch = newUlid(clock, chance);
  }

  /** Enrols with a code, once. */
  async enrol(desk: Desk, code: string): Promise<void> {
    const enrolled = z.looseObject({ kioskId: z.string() });
    const body = { code, publicKey: publicKeyText(this.#key) };
    this.kioskId = (await desk.must('', '/v1/kiosk-enrolments', enrolled, body)).kioskId;
  }

  /** Says hello on a new connection, and learns what stands in its slots. */
  async connect(): Promise<void> {
    let nonce = '';
    this.#peer?.closed();
    this.#peer = this.#server.mainJob.gateway.connect({
      push: (name, payload) => {
        if (name === 'challenge') nonce = (payload as { nonce: string }).nonce;
      },
      close: () => undefined,
    });
    this.#counter += 1;
    const said = {
      kioskId: this.kioskId,
      protocols: [1],
      software: 'travel',
      journal: this.#head(0),
      counter: this.#counter,
      open: [],
      configRevision: 0,
    };
    const welcome = await this.#ask('hello', signHello(said, nonce, this.#key));
    if (!welcome.ok) throw new Broken(`hello was refused: ${JSON.stringify(welcome.problem)}`);
    this.#config = welcome.config;
  }

  /** A member takes the gift of a slot, or tries to; answers how it ended, or why it was refused. */
  async redeem(memberId: string, pin: string, slot: number, outcome: keyof typeof EVIDENCE): Promise<string> {
    const signedIn = await this.#ask('identify', { kind: 'member_id', memberId, pin });
    if (!signedIn.ok) return signedIn.problem.code;
    const { planogram, rewards } = this.#config ?? { planogram: { slots: [], version: 0 }, rewards: [] };
    const rewardId = planogram.slots.find((each) => each.slot === slot)?.rewardId ?? '';
    const redemptionId = newUlid(this.#parts.clock, this.#parts.chance);
    const held = await this.#ask('authorise', {
      redemptionId,
      sessionId: signedIn.sessionId,
      rewardId,
      slot,
      price: rewards.find((each) => each.rewardId === rewardId)?.price ?? 0,
      planogramVersion: planogram.version,
      journalHead: this.#head(1),
    });
    if (!held.ok) return held.problem.code;
    const vending = await this.#ask('vending', { redemptionId, slot, journalHead: this.#head(2) });
    if (!vending.ok) throw new Broken(`vending was refused: ${JSON.stringify(vending.problem)}`);
    const evidence = EVIDENCE[outcome];
    const ended = await this.#ask('outcome', { redemptionId, slot, outcome, evidence, journalHead: this.#head(1) });
    const left = await this.#ask('end_session', { sessionId: signedIn.sessionId });
    if (!left.ok) throw new Broken(`A session did not end: ${JSON.stringify(left.problem)}`);
    if (outcome === 'dropped') this.goods.set(slot, (this.goods.get(slot) ?? 0) - 1);
    return ended.ok ? ended.state : ended.problem.code;
  }

  async #ask<Name extends KioskEvent>(event: Name, request: KioskRequest<Name>): Promise<KioskAnswer<Name>> {
    if (!this.#peer) throw new Broken('The kiosk has not said hello.');
    return (await this.#peer.receive(event, request)) as KioskAnswer<Name>;
  }

  #head(records: number): JournalHead {
    this.#seq += records;
    const hash = createHash('sha256')
      .update(`${this.#epoch}${String(this.#seq)}`)
      .digest('hex');
    return { epoch: this.#epoch, seq: this.#seq, hash };
  }
}
