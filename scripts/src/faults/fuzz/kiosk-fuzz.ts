import * as fc from 'fast-check';
import { kioskExchanges, type KioskEvent } from '@tessera/shared/protocol/kiosk';
import * as z from 'zod';
import type { KioskLine } from '../../harness/kiosk-line.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { BookDigest } from './digest.ts';
import type { Findings } from './findings.ts';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import type { Stage } from './stage.ts';
import { Things } from './things.ts';

type Draft = { readonly payload: unknown; readonly breaks: boolean; readonly at: number; readonly by: unknown };

const NEW_ID_CHANCE = 0.3;
/** Now and then something right, so that the broken messages meet redemptions in every state. */
const RIGHT_CHANCE = 0.2;
/** A kiosk's wrong PINs are counted: too many, and for minutes nobody could sign in. */
const GUESS_CHANCE = 0.15;
const TENDED_EVERY = 8;
const REFILL = 2;

/** Messages of the kiosk protocol, from its schemas, on the line of an enrolled kiosk. */
export class KioskFuzz {
  readonly #stage: Stage;
  readonly #line: KioskLine;
  readonly #chance: SeededChance;
  readonly #findings: Findings;
  readonly #digest: BookDigest;
  readonly #drafts: readonly (readonly [KioskEvent, Samples<Draft>])[];
  readonly #open = new Set<string>();
  #session = 'none';
  #rights = 0;
  readonly answered = new Map<string, number>();

  constructor(parts: { stage: Stage; chance: SeededChance; findings: Findings; digest: BookDigest }) {
    this.#stage = parts.stage;
    this.#line = parts.stage.line;
    this.#chance = parts.chance;
    this.#findings = parts.findings;
    this.#digest = parts.digest;
    const reader = new SchemaReader({}, Things.kinds);
    this.#drafts = Object.entries(kioskExchanges).map(([event, { request }]) => {
      const schema = drawingOf(request);
      const drafts = fc.record({
        payload: reader.values(schema),
        breaks: fc.boolean(),
        at: fc.nat({ max: 50 }),
        by: junk,
      });
      return [event as KioskEvent, new Samples(drafts, parts.chance.next() | 0)];
    });
  }

  /** One message, judged. */
  async ask(): Promise<void> {
    if (!this.#line.connected) await this.#greet();
    const { things } = this.#stage;
    this.#lay();
    if (this.#chance.happens(RIGHT_CHANCE)) {
      await this.#beRight();
      return;
    }
    const [event, drafts] = this.#chance.pick(this.#drafts);
    if (event === 'identify' && !this.#chance.happens(GUESS_CHANCE)) return;
    const { payload, breaks, at, by } = drafts.next();
    await this.#say(event, things.fill(breaks ? broken(payload, at, by) : payload));
  }

  async #say(event: KioskEvent, message: unknown): Promise<void> {
    const answer = (await this.#line.ask(event, message as never)) as object | undefined;
    const about = { event, message };
    if (answer === undefined) {
      // A message that is too large ends the connection; the server has to live.
      await this.#greet();
      return;
    }
    await this.#judge(event, answer, about);
  }

  /** Signs a member in, or begins a redemption as a daemon would. */
  async #beRight(): Promise<void> {
    this.#rights += 1;
    if (this.#rights % TENDED_EVERY === 0) await this.#tend();
    const { members, things } = this.#stage;
    if (this.#rights % 5 === 1) {
      await this.#say('identify', { kind: 'member_id', ...this.#chance.pick(members) });
      return;
    }
    const { planogram, rewards } = this.#line.config ?? { planogram: { slots: [], version: 0 }, rewards: [] };
    const slot = planogram.slots.find((each) => each.available > 0 && each.inService) ?? planogram.slots[0];
    const price = rewards.find(({ rewardId }) => rewardId === slot?.rewardId)?.price;
    await this.#say('authorise', {
      redemptionId: this.#newId(),
      sessionId: this.#session,
      rewardId: slot?.rewardId,
      slot: slot?.slot,
      price,
      planogramVersion: planogram.version,
      journalHead: things.pick('journalHead', this.#chance),
    });
  }

  /** Staff come by: what is out of service is counted, and there is something in it again. */
  async #tend(): Promise<void> {
    const path = `/v1/kiosks/${this.#line.kioskId}/slots`;
    for (const { slot, onHand, available } of this.#line.config?.planogram.slots ?? []) {
      // All that is reserved has fallen, or nothing has: either ends a doubt where nothing else is under way.
      const counted = this.#chance.happens(0.5) ? onHand : available;
      await this.#stage.door.make(`${path}/${String(slot)}/counts`, { counted }).catch(() => undefined);
      await this.#stage.door.make(`${path}/${String(slot)}/service`, { inService: true }).catch(() => undefined);
      await this.#stage.door.make(`${path}/${String(slot)}/loads`, { quantity: REFILL }).catch(() => undefined);
    }
    await this.#findings.baseline(this.#digest);
  }

  async #judge(event: KioskEvent, answer: object, about: { message: unknown }): Promise<void> {
    const fine = 'ok' in answer && answer.ok === true;
    const problem = 'problem' in answer ? answer.problem : undefined;
    const code = fine ? 'ok' : String((problem as { code?: unknown } | undefined)?.code);
    this.answered.set(`${event} ${code}`, (this.answered.get(`${event} ${code}`) ?? 0) + 1);
    if (!fine) this.#findings.refusal(problem, about);
    const answers: z.core.$ZodType = kioskExchanges[event].answer;
    if (!z.core.safeParse(answers, answer).success)
      this.#findings.add('an answer beside its schema', { about, answer });
    this.#findings.leaks(JSON.stringify(answer), this.#stage, false, about);
    if (fine) this.#stage.things.learn(answer);
    if (fine && 'sessionId' in answer) this.#session = String(answer.sessionId);
    await this.#findings.unchanged(this.#digest, fine, about);
  }

  /** What changes with every message: the journal's head, and now and then a redemption that is new. */
  #lay(): void {
    const { things } = this.#stage;
    things.set('journalHead', this.#line.write());
    const version = this.#line.config?.planogram.version;
    if (version !== undefined) things.set('planogramVersion', version);
    if (this.#chance.happens(NEW_ID_CHANCE)) this.#newId();
  }

  #newId(): string {
    const id = this.#line.newId();
    this.#open.add(id);
    this.#stage.things.add('redemptionId', id);
    return id;
  }

  /** Hello names everything that may be open, so that it decides nothing. */
  async #greet(): Promise<void> {
    const named = [...this.#open].slice(-900);
    const answer = await this.#line.greet(named.map((redemptionId) => ({ redemptionId, state: 'requested' })));
    if (!answer?.ok) this.#findings.add('hello was refused', answer ?? 'no answer');
    await this.#findings.baseline(this.#digest);
  }
}
