import * as fc from 'fast-check';
import { uiExchanges, type Snapshot } from '@tessera/shared/protocol/ui';
import type { World } from '../../harness/world.ts';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import { RightHand } from './right-hand.ts';
import { Things } from './things.ts';
import type { Visit } from './visit.ts';

type Draft = { readonly payload: unknown; readonly breaks: boolean; readonly at: number; readonly by: unknown };

/** Now and then something right, so that the broken taps meet every screen. */
const RIGHT_CHANCE = 0.25;
const STRANGE_CHANCE = 0.1;
const PRESENT_CHANCE = 0.8;
/** The daemon refuses a tap above the first by name, and ends the connection above the second. */
const LARGE = [2_200, 9_000, 16_000, 40_000, 1_000_000] as const;
const ENDS_CONNECTION = 16_000;

/** Screens on which nothing happens but by hand: whatever changes there, a tap has changed. */
const still: ReadonlySet<string> = new Set(['attract', 'identify', 'enter_number', 'enter_pin', 'choose', 'confirm']);
const signedOut: ReadonlySet<string> = new Set(['attract', 'identify', 'enter_number', 'enter_pin', 'out_of_service']);

/** Taps of the screen's own schema, and what no screen would say. */
export class UiFuzz {
  readonly #world: World;
  readonly #visit: Visit;
  readonly #hand: RightHand;
  readonly #things = new Things();
  readonly #drafts: Samples<Draft>;
  readonly #strange: Samples<{ readonly name: string; readonly words: readonly unknown[] }>;

  constructor(world: World, visit: Visit) {
    this.#world = world;
    this.#visit = visit;
    this.#hand = new RightHand(world, visit.chance);
    const schema = drawingOf(uiExchanges.intent.request);
    const payload = new SchemaReader({}, Things.kinds).values(schema);
    const draft = fc.record({ payload, breaks: fc.boolean(), at: fc.nat({ max: 50 }), by: junk });
    this.#drafts = new Samples(draft, visit.chance.next() | 0);
    const name = fc.oneof(fc.constantFrom('snapshot', 'intents', 'hello', '__proto__', ''), fc.string());
    const words = fc.array(fc.oneof(junk, fc.uint8Array({ maxLength: 40 })), { maxLength: 3 });
    this.#strange = new Samples(fc.record({ name, words }), visit.chance.next() | 0);
  }

  /** One message, judged. */
  async ask(): Promise<void> {
    const { chance } = this.#visit;
    const { thumb } = this.#world;
    const before = await thumb.until((snapshot) => snapshot, 'anything');
    if (chance.happens(RIGHT_CHANCE)) {
      this.#visit.heard(await this.#hand.act(before));
      return;
    }
    if (chance.happens(STRANGE_CHANCE)) await this.#sayStrange(before);
    else await this.#sayTap(before);
  }

  async #sayTap(before: Snapshot): Promise<void> {
    this.#lay(before);
    const { payload, breaks, at, by } = this.#drafts.next();
    const message = this.#things.fill(breaks ? broken(payload, at, by) : payload);
    this.#judge('intent', await this.#world.thumb.send('intent', message), before, message);
  }

  async #sayStrange(before: Snapshot): Promise<void> {
    const { chance } = this.#visit;
    const { name, words } = this.#strange.next();
    if (chance.happens(0.8)) {
      // socket.io keeps a few names for itself, on both sides.
      const said = RESERVED.has(name) ? 'strange' : name;
      this.#judge('strange', await this.#world.thumb.send(said, ...words), before, { name, words });
      return;
    }
    const size = chance.pick(LARGE);
    const answer = await this.#world.thumb.send('intent', { ...before, fill: 'x'.repeat(size) });
    if (size < ENDS_CONNECTION) this.#judge('large', answer, before, { size });
  }

  #judge(kind: string, answer: unknown, before: Snapshot, message: unknown): void {
    const { findings } = this.#visit;
    const about = { kind, message, screen: before.screen.name };
    const read = uiExchanges.intent.answer.safeParse(answer);
    if (!read.success) {
      findings.add(answer === undefined ? 'no answer' : 'an answer beside its schema', { answer, about });
      return;
    }
    this.#visit.heard(`${kind} ${read.data.ok ? 'ok' : read.data.problem.code}`);
    const after = this.#world.thumb.snapshot;
    if (after) this.#lookFor(after, about);
    if (read.data.ok) {
      if (kind !== 'intent') findings.add('nonsense was accepted', about);
      return;
    }
    findings.refusal(read.data.problem, about);
    if (after && still.has(before.screen.name) && mayCompare(before, after) && viewOf(before) !== viewOf(after))
      findings.add('a refused tap changed the screen', { about, before: viewOf(before), after: viewOf(after) });
  }

  /** Who was here before is not seen by who comes next, and no number is ever shown. */
  #lookFor(after: Snapshot, about: unknown): void {
    const text = JSON.stringify(after);
    if (signedOut.has(after.screen.name) && after.member)
      this.#visit.findings.add('a member on a screen of nobody', text);
    for (const { memberId } of this.#world.seed.members)
      if (text.includes(memberId)) this.#visit.findings.add('a member number on the screen', { text, about });
  }

  /** What is true just now, mostly: a tap for another screen ends at the first question. */
  #lay({ epoch, version, screen }: Snapshot): void {
    const isPresent = this.#visit.chance.happens(PRESENT_CHANCE);
    const things = this.#things;
    things.set('epoch', isPresent ? epoch : '01JD0000000000000000000000');
    things.set('version', isPresent ? version : version - 1);
    things.set('memberId', this.#hand.member.memberId);
    things.set('pin', this.#hand.member.pin);
    if (screen.name === 'choose') for (const { rewardId } of screen.offers) things.add('rewardId', rewardId);
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/** A time-out warns before it strikes, and a kiosk goes out of service by what happens around it. */
const mayCompare = (before: Snapshot, after: Snapshot): boolean =>
  before.deadline?.warn !== true && before.epoch === after.epoch && after.screen.name !== 'out_of_service';

/** The screen without its clock, and without what the server may change at any time. */
function viewOf({ screen, prefs, member }: Snapshot): string {
  const shown = Object.entries(screen).filter(([name]) => name !== 'gifts' && name !== 'offers');
  return JSON.stringify({ screen: Object.fromEntries(shown), prefs, member });
}
