import { setTimeout as sleep } from 'node:timers/promises';
import type { KioskEvent, KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Evidence, Outcome } from '@tessera/shared/protocol/kiosk-parts';
import type { KioskLine } from '../../harness/kiosk-line.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { AtRedemption, Call } from './calls.ts';
import type { Scene } from './http-door.ts';
import { factsOf } from './http-door.ts';

export type Member = { readonly memberId: string; readonly pin: string };

/** Refusals before the books were looked at: the message had no effect and is sent again. */
const passing = new Set(['overloaded', 'unavailable', 'kiosk_superseded', 'too_many_attempts', 'in_flight']);

const RETRY_MS = 20;

type Reply = { readonly ok: boolean; readonly state?: string; readonly code?: string };
type Opened = AtRedemption & { readonly id: string };

/** A kiosk that many hands use at once: more at a time than a real one, in every order that messages can take. */
export class BusyKiosk {
  readonly #scene: Scene;
  readonly #line: KioskLine;
  readonly #members: readonly Member[];
  readonly #open = new Map<string, Opened>();
  readonly #loose = new Set<() => void>();
  readonly #nextNumber: () => number;
  #session: { readonly id: string; readonly member: string } | undefined;
  #greeting: Promise<void> | undefined;

  constructor(scene: Scene, line: KioskLine, members: readonly Member[], nextNumber: () => number) {
    this.#scene = scene;
    this.#line = line;
    this.#members = members;
    this.#nextNumber = nextNumber;
  }

  /** Drops the line with all that is under way; the next who needs it dials again. */
  cut(): void {
    this.#line.cut();
  }

  /** One pair of hands until the run ends; what it has begun it brings to its end. */
  async work(chance: SeededChance): Promise<void> {
    while (!this.#scene.stopped()) {
      if (this.#session === undefined || chance.happens(0.03)) await this.#identify(chance);
      else await this.#redeem(chance, this.#session);
      await sleep(chance.integer(4));
    }
  }

  async #identify(chance: SeededChance): Promise<void> {
    const { memberId, pin } = chance.pick(this.#members);
    const wrong = chance.happens(0.1);
    const begun = this.#scene.recorder.begin({ call: 'identify', member: memberId });
    const request = { kind: 'member_id', memberId, pin: wrong ? wrongPin(pin) : pin } as const;
    await this.#connected();
    const answer = await this.#line.ask('identify', request);
    if (!answer?.ok) return;
    if (wrong) this.#scene.faults.push('a wrong PIN opened a session');
    this.#session = { id: answer.sessionId, member: memberId };
    this.#scene.recorder.end(begun, { kind: 'ok', facts: { points: answer.member.points } });
  }

  async #redeem(chance: SeededChance, { id: sessionId, member }: { id: string; member: string }): Promise<void> {
    await this.#connected();
    const { config } = this.#line;
    if (!config) return;
    const { slot, rewardId } = chance.pick(config.planogram.slots.filter((each) => each.rewardId !== null));
    const price = config.rewards.find((each) => each.rewardId === rewardId)?.price;
    if (rewardId === null || price === undefined) return;
    const kiosk = this.#line.kioskId;
    const about = { redemption: this.#nextNumber(), kiosk, slot, member, price, id: this.#line.newId() };
    this.#open.set(about.id, about);
    const planogramVersion = config.planogram.version;
    const authorise = (): Promise<Reply> =>
      this.#ask({ call: 'authorise', ...about }, 'authorise', () => ({
        redemptionId: about.id,
        sessionId,
        rewardId,
        slot,
        price,
        planogramVersion,
        journalHead: this.#line.write(),
      }));
    await this.#bringToEnd(chance, about, authorise);
    this.#open.delete(about.id);
  }

  async #bringToEnd(chance: SeededChance, about: Opened, authorise: () => Promise<Reply>): Promise<void> {
    const together = [authorise()];
    if (chance.happens(0.15)) together.push(authorise());
    if (chance.happens(0.08)) together.push(this.#abandon(about));
    const [first] = await Promise.all(together);
    if (chance.happens(0.1)) await authorise();
    if (first?.code === 'session_over') this.#session = undefined;
    if (!first?.ok || first.state !== 'held' || chance.happens(0.12)) {
      await this.#abandon(about);
      return;
    }
    await sleep(chance.integer(6));
    const vending = chance.happens(0.85) ? this.#vending(about) : undefined;
    if (chance.happens(0.7)) await vending;
    if (chance.happens(0.05)) await this.#abandon(about);
    const outcome = chance.pick(['dropped', 'dropped', 'dropped', 'not_dropped', 'unknown'] as const);
    const rotated = chance.happens(0.3) ? 'yes' : 'no';
    await Promise.all([vending, this.#outcome(about, outcome, rotated)]);
    if (chance.happens(0.15)) await this.#outcome(about, outcome, rotated);
    if (chance.happens(0.05)) await this.#outcome(about, chance.pick(['dropped', 'not_dropped', 'unknown']), rotated);
  }

  #abandon(about: Opened): Promise<Reply> {
    return this.#ask({ call: 'abandon', ...about }, 'abandon', () => ({
      redemptionId: about.id,
      journalHead: this.#line.write(),
    }));
  }

  #vending(about: Opened): Promise<Reply> {
    const { slot, id: redemptionId } = about;
    return this.#ask({ call: 'vending', ...about }, 'vending', () => ({
      redemptionId,
      slot,
      journalHead: this.#line.write(),
    }));
  }

  #outcome(about: Opened, outcome: Outcome, rotated: 'yes' | 'no'): Promise<Reply> {
    const { slot, id: redemptionId } = about;
    const evidence: Evidence = {
      drops: outcome === 'dropped' ? 1 : 0,
      beamBefore: 'alive',
      beamAfter: 'alive',
      rotated,
      reason: 'history',
    };
    return this.#ask({ call: 'outcome', ...about, outcome, rotated }, 'outcome', () => ({
      redemptionId,
      slot,
      outcome,
      evidence,
      journalHead: this.#line.write(),
    }));
  }

  /** Asks until there is an answer; each message that was lost on the way stands in the history as unknown. */
  async #ask<Name extends KioskEvent>(call: Call, event: Name, request: () => KioskRequest<Name>): Promise<Reply> {
    const { recorder, faults } = this.#scene;
    for (;;) {
      await this.#connected();
      const { generation } = this.#line;
      const begun = recorder.begin(call);
      const answer = await this.#line.ask(event, request());
      if (answer === undefined) {
        this.#lost(recorder.lose(begun), generation);
        continue;
      }
      if (answer.ok) {
        const facts = plainly(factsOf(answer));
        recorder.end(begun, { kind: 'ok', facts });
        return { ok: true, state: String(facts['state']) };
      }
      const { code, facts = {} } = answer.problem;
      if (code === 'internal') faults.push(`${event} answered ${JSON.stringify(answer.problem)}`);
      if (!passing.has(code)) {
        recorder.end(begun, { kind: 'refused', code, facts });
        return { ok: false, code };
      }
      await sleep(RETRY_MS);
    }
  }

  /** Once a newer connection has been greeted, what was lost on an older one has happened, or never will. */
  #lost(bound: () => void, generation: number): void {
    if (this.#line.generation > generation) bound();
    else {
      this.#loose.add(bound);
      this.#scene.loose.add(bound);
    }
  }

  /** Waits for a line that works, dialled by whoever comes first. Nothing new is sent meanwhile: hello must name it. */
  async #connected(): Promise<void> {
    while (this.#greeting !== undefined || !this.#line.connected) {
      this.#greeting ??= this.#greet().finally(() => (this.#greeting = undefined));
      await this.#greeting;
    }
  }

  async #greet(): Promise<void> {
    const { recorder } = this.#scene;
    for (;;) {
      const named = [...this.#open.values()];
      const lost = [...this.#loose];
      const begun = named.map((about) => ({ about, told: recorder.begin({ call: 'told', ...about }) }));
      const answer = await this.#line.greet(named.map(({ id }) => ({ redemptionId: id, state: 'requested' })));
      if (answer?.ok) {
        for (const { about, told } of begun) {
          const state = answer.redemptions.find(({ redemptionId }) => redemptionId === about.id)?.state ?? 'missing';
          recorder.end(told, { kind: 'ok', facts: plainly({ state }) });
        }
        for (const bound of lost) this.#bound(bound);
        return;
      }
      if (answer && !passing.has(answer.problem.code)) throw new Error(`hello: ${JSON.stringify(answer.problem)}`);
      await sleep(RETRY_MS);
    }
  }

  #bound(bound: () => void): void {
    if (this.#scene.loose.delete(bound)) bound();
    this.#loose.delete(bound);
  }
}

const wrongPin = (pin: string): string => (pin === '0000' ? '1111' : '0000');

/** Overdue is what silence makes of it; nobody asks for it here. */
function plainly<T extends Readonly<Record<string, unknown>>>(facts: T): T {
  const state = facts['state'];
  return typeof state === 'string' ? { ...facts, state: state.replace('_overdue', '') } : facts;
}
